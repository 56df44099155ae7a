"""Whom an objective is about, and what was said of a contact by which it is one of those or not."""

from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter

from schemas.policies import Only
from schemas.words import Said, Trait
from sla_stream.life import Facts

#: As a contract names them, in the order of its words.
_NAMED: tuple[tuple[str, Trait], ...] = (("priorities", "priority"), ("languages", "language"), ("tags", "tag"))

_TRAITS: dict[str, Trait] = {"prioritised": "priority", "language": "language", "tagged": "tag"}

_trait = itemgetter(0)


@dataclass(frozen=True, slots=True)
class Whom:
    """Contacts of which, of each trait that is named, one of the names was said."""

    named: frozenset[Said]

    @classmethod
    def written(cls, only: Only) -> "Whom":
        """As the contract says."""
        return cls(frozenset((trait, name) for words, trait in _NAMED for name in getattr(only, words) or ()))

    @property
    def key(self) -> str:
        """Equal for objectives about the same contacts."""
        chosen = ((words, sorted(name for one, name in self.named if one == trait)) for words, trait in _NAMED)
        return " and ".join(f"{words} {names}" for words, names in chosen if names)

    def includes(self, said: Iterable[Said]) -> bool:
        """Whether a contact of which this was said is one of them."""
        return set(map(_trait, self.named.intersection(said))) == set(map(_trait, self.named))


def said_of(facts: Facts) -> frozenset[Said]:
    """The priority and the language that were said last of a contact, and any of its tags."""
    tags, last = set[Said](), dict[Trait, str]()
    for fact in facts:
        trait = _TRAITS.get(fact.kind)
        if trait == "tag":
            tags.add((trait, fact.detail))
        elif trait:
            last[trait] = fact.detail
    return frozenset(tags | set(last.items()))
