"""Who is given which partition: Faust's assignor, but never by half of the topics."""

from aiokafka.cluster import ClusterMetadata  # type: ignore[import-untyped]
from faust.assignor.partition_assignor import MemberAssignmentMapping, MemberMetadataMapping, PartitionAssignor

from agents.kafka.exits import Exit, leave


class Assignor(PartitionAssignor):
    """Used by the member that assigns for its group."""

    def assign(self, cluster: ClusterMetadata, member_metadata: MemberMetadataMapping) -> MemberAssignmentMapping:
        """Assign what is subscribed; a topic that the broker does not know would be given to nobody.

        A broker that has just started knows few. All workers would be idle, and well by their own account, until
        somebody asks for the topics again, minutes later.
        """
        wanted = {topic for member in member_metadata.values() for topic in member.subscription}
        if unknown := sorted(topic for topic in wanted if not cluster.partitions_for_topic(topic)):
            leave(
                Exit.TOPICS_UNKNOWN,
                f"the broker knows nothing of {', '.join(unknown)}: nobody would be given them",
            )
        return super().assign(cluster, member_metadata)
