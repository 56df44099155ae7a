"""`python -m dashboards` writes every board."""

from dashboards.boards import BOARDS, FOLDER, text_of


def main() -> None:
    """Write all of them."""
    FOLDER.mkdir(exist_ok=True)
    for name, board in BOARDS.items():
        (FOLDER / f"{name}.json").write_text(text_of(board()), encoding="utf-8")


if __name__ == "__main__":
    main()
