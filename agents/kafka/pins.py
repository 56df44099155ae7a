"""Fingerprints of the functions that `agents.kafka` mirrors, overrides or counts on, as they were when read."""

import hashlib
import inspect
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from aiokafka.consumer.fetcher import (  # type: ignore[import-untyped]
    Fetcher,
    FetchResult,
    PartitionRecords,
)
from aiokafka.consumer.group_coordinator import GroupCoordinator  # type: ignore[import-untyped]
from aiokafka.consumer.subscription_state import TopicPartitionState  # type: ignore[import-untyped]
from aiokafka.producer import AIOKafkaProducer  # type: ignore[import-untyped]
from aiokafka.producer.message_accumulator import (  # type: ignore[import-untyped]
    BatchBuilder,
    MessageAccumulator,
)
from faust import Schema
from faust.app.base import App
from faust.assignor.partition_assignor import PartitionAssignor
from faust.tables.base import Collection
from faust.tables.recovery import Recovery
from faust.transport.consumer import Consumer
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread, ConsumerRebalanceListener, Producer

Pins: TypeAlias = Mapping[type, Mapping[str, str]]


def moved(pins: Pins) -> Iterator[str]:
    """Yield the names of the functions that are no longer as they were read."""
    for owner, functions in pins.items():
        for name, pin in functions.items():
            if fingerprint(owner, name) != pin:
                yield f"{owner.__module__}.{owner.__qualname__}.{name}"


def fingerprint(owner: type, name: str) -> str:
    """Return the hash of a method's source, or of nothing if there is none."""
    method = inspect.getattr_static(owner, name, None)
    # A task of one of Faust's services is wrapped.
    function = getattr(method, "fun", method)
    source = "" if function is None else inspect.getsource(function)
    return hashlib.sha256(source.encode()).hexdigest()


#: If one of these has moved, chunks are made from records by aiokafka's own iterator instead.
FETCHING: Pins = {
    Fetcher: {
        "fetched_records": "be4348896b9b66afe048de954e2be91c546f4e96c94cb120d5764ec77ce8f19e",
        "_create_fetch_waiter": "61d840568746477e0792665e11a1217f16d2595fe31f20e6282162677650ceca",
        "_notify": "d3a30d94f34fd3a030893e0b35e056ca8b841a034e916bff7410b601aed69c58",
        "_proc_fetch_request": "59bf948fff47eed580671971252454daa614df479733f3bedfefe95bc4d8ad30",
    },
    FetchResult: {
        "check_assignment": "b5340df67e3f330f998e01e49adc7fd03dae24b8a0e201ae4325d3f980d3eae3",
        "getall": "3e717e30de5068d549dd41b231928c67a24e832a928d48bac5f485e448daa903",
        "has_more": "a25ee8ab93405df69de3ab43c0a3b7be70a6e98f5651aad18e6c997800511684",
        "_update_position": "83fb1473bf10027b406893b9a90527f359db78e2550ceead212695e171594ba5",
    },
    PartitionRecords: {
        "__init__": "8ec1c2ae6ea1af875db73e6d01604f3edf269faf5806c67c02d1f91b456d3571",
        "_unpack_records": "b803e6d46480732c7a7faa8e784b338bcdd4e707ea67fba96c013654b04b8a08",
        "_consume_aborted_up_to": "56876530cd6412f3e3c5cd5888418fdf3bb2e648fe0e69936b45611e88dd040d",
        "_contains_abort_marker": "17e9ad2322ef4e0a5719f67edff8f4e94807b144966ad9d09e37117f27c9e6ad",
    },
}

#: If one of these has moved, a test fails: what leans on it must be read again.
ELSEWHERE: Pins = {
    Fetcher: {
        "seek_to": "f0ba6aba6c22ef83e0d58690ef771d04777032ec48cbfa68325c67bf0ef508f4",
        "request_offset_reset": "e5bd8ba8838613c9942f42cd72946611c7d3ede1fbc3343bcce5db98229f5378",
    },
    GroupCoordinator: {
        "_send_req": "fa4b12e914ce9fcff5eab58bf1416058e8e972fe4d6a74c30ecbb67e91e54df7",
        "_do_heartbeat": "dc1d6632aaa68e964cf71958a17ebd8a807795edccfac52029f37c233e8e70eb",
        "_heartbeat_routine": "61d01028952239d03c882d0bc6c0259fc3125d5da5642cda75071164a181be5c",
        "ensure_active_group": "33c84c1a93012e812cb3d1a6774ded1889f917a4ed4a56f9cf310f984e6fa596",
        "_on_join_prepare": "4d9524afc0ee2c2fd54cd8397e4fc216f240330258daeceaf5f2888c2de0d134",
        "_on_join_complete": "0b0b3d204b408f3ce3c3cc7d2168d6425e442c5a074b3f3193a897a510d80594",
        "fetch_committed_offsets": "6c049c7379165952bfaa33c3bc3e7e2ffc4dfcc9197dd79056587a600cfe70a7",
        "_do_fetch_commit_offsets": "b0f3598132715552b9f9ae26d788ec853343c4c8a508f866febbd5acaec0b09b",
    },
    TopicPartitionState: {
        "seek": "c20b56d7ba7b2872c9a4afc12aed6b2e1d72004ae80b6cb3fd798bf9c4561404",
        "consumed_to": "c7b8f0f99ce9185e922d95b730adddb288d4fc83e55a2096aa95a42e88fb4ff4",
    },
    AIOKafkaProducer: {
        "create_batch": "c4efda4bb7a09741e168138a54cdeeef2b87d5a99215ffcdef307037514c5359",
        "send_batch": "bf42b0f0c5c0646db4cc15b54a81103fe948473a2969149bd9277fe2ca1b5235",
    },
    MessageAccumulator: {
        "add_batch": "5ed1c5b1367ad85413d82f5704ed1165eecee5f30be6c234b3210ffd9461f02a",
    },
    BatchBuilder: {
        "append": "657d76f55157d9cac2981d5e76453c688425dbe14f271017a8904df4d5543a76",
        "size": "2f29cefafa919aff2aa130c04b050b58f55a011f0b521e64794b0a9a141af8cf",
        "record_count": "3a3d4948a3b70702ce44166532f9032fa571f26ca90b7e2f84a777d119090141",
    },
    Consumer: {
        "getmany": "4b168d84882a70d6e3e2f9804430a63b92f8fd117d3187cbb4aeb54305bda34e",
        "_wait_next_records": "6218e1969a636b3ff504ad1b8e7ad58a113572e43d746cc96d684ed5153032c6",
        "_drain_messages": "44a2500309e83c630493f6828af50166ec8d96a0b3e4fb2bab735f704ae93417",
        "track_message": "217d7f1399a4cd8e15a43a64ecf50413b9b738058e5433e057f0dc3927a3fc03",
        "ack": "5fcf41cf45153475de3790dc56fec1b83335956dc8b3bf7ff6bbb2b57627f03f",
        "wait_empty": "e4662fe24f094819add590b2d75f233840e77823b432aea6504539768572102f",
        "_wait_for_ack": "d9c9337d4af88e54a26a9a45aeb73ca8cb75e25ee870987fddeda767415e339a",
        "commit": "a354437baaa08bf8096d978ca195963e22f7a497d18392960dd53dacb7c9f2d8",
        "force_commit": "cc094614d22c70fb03606f8e5b940fddedcc7d46648d53ae6ec53cab1546be13",
        "_commit_tps": "a20e230b05ae8b151ac9f78fa77a102003a948c66c24c9d3588e39cb12859b7e",
        "_filter_committable_offsets": "dc5e9baf5d994485473ce80aed1873b9318f02d735fde21e285de3d0c52a5e0e",
        "_filter_tps_with_pending_acks": "f6f9239774234e7e230eee7c40c686421a66302be95e59c59a9109c2bba5fbd6",
        "_commit_offsets": "1a6979904118844111259d182ca1c6e92ccc16364ccbe55c58e59d6e254a7adb",
        "_should_commit": "5ce941793947ad42b5c4298765d32f8fcbb8dd74b4385a50ab4b466fb651781c",
        "_new_offset": "1d2c7ea89a7ad4f1a216c1d51936e569162cd66bd56f889e13fd29c910b58eb0",
        "_add_gap": "4df2573ded7c1c2cde04dc6bde6d4480cb5875ef565256e56966b585ae39b1c1",
        "perform_seek": "0e8c130ff4b0afd82c0be9c5fd831316e10febc62c94032833911096e156d7c6",
        "seek": "b86a9fe05f956b30cf299c787b6787c6e0349cbf1ae556f2456a1e97b15dbb22",
        "stop_flow": "cf7e875a2b0d40e8e45df69720709199c47b710c983cf79371cce3a58888a6ac",
        "resume_flow": "db59630f25b5819b092c90649e1046cbea184e91a0aff59368e7747665536dd5",
        "on_partitions_revoked": "d04b7ae72c6fc206924a2879d6c90dd383f3e8ba6f4b10a19ca99a921eb8f4db",
        "on_partitions_assigned": "29ce96596f05a18c6738eeb2e0d308dd8ef09e9116854129372c474f8638c069",
    },
    AIOKafkaConsumerThread: {
        "on_start": "38b4e8bd1e10723aed02bb1e8c74ccb02a0b04dec35b9001c51f45fa7f2b611c",
        "_create_worker_consumer": "c2701bfc3e6f6cad95c2be36d6a255a86e2c57d18d36cc1082b5fb5c482d99d7",
        "_fetch_records": "39a2c6c79fc1455a199629912b533458a720c64983bc957420a42feef6593baa",
        "_seek_wait": "9d221e816d9404678ac2d802b1419c7c2d166cbc9c8ec9f689a77673b8f2e85f",
        "_commit": "932852ce7a23f658804273d0296de6affaa7d21c19311c279712c2fae91a3b03",
    },
    ConsumerRebalanceListener: {
        "on_partitions_revoked": "348c3aec879faf808e3ce86802ad8735385c4050479348487d25ba335af3d8dc",
        "on_partitions_assigned": "1c1f8406ad3698a6770a4ececb2f8074c0e80bea9ad0a0f4879baacb4ea996da",
    },
    Producer: {
        "_settings_default": "9c39987fb719e98422344bbfa087257103b158e9851cc16f7f04e6d3ebcc49a9",
        "_settings_extra": "a4c7bc41b63822236e4c9be1c49437d091f58c1b3a983eecabb7362a819aa8bd",
        "_new_producer": "e72355c3430ed02f5202c83e2f5ef7daf484f33aa40e62f98fe3adec3e18aa17",
        "_ensure_producer": "5592a4bbdf2513253f98233a4eac931ded2a531a86f269cddcc33bc3f5827db5",
    },
    App: {
        "_on_partitions_revoked": "d5c895bbe57dc73ae4d7f762f6fdc9fdd3abd02f9e05863ccfd8034082e5682f",
        "_on_partitions_assigned": "de932b7927db85b3d5e88971c3c7d2d75c0c7af8111a2ca08d4097bd9f8d2552",
        "_update_assignment": "39d9f315c122832526a1ba024b0de2e007928249322fed95d1026bc88f05dda8",
        "_stop_consumer": "55854a5de12c3f5296b4acf16ddfe359be0b702d0cd7686bcab541847c396077",
    },
    Recovery: {
        "_add": "1584a197b11bf835c0e3c497952413ce5a5f13078fdd88a9dcfd60ea1e125fa6",
        "on_rebalance": "aa4d997a1795ceae3880f98311b46935d9ae1a183a699b9a283bb4306bc8641f",
        "_restart_recovery": "6bd8a8558a2dffe4c60b8150f23d721baa6b3d658367f911a3ad2187e20efc6f",
        "_slurp_changelogs": "7825c7e50f766d5ab0fd246b63420ea0dfcd732d005f1057cc9da656ff5d3967",
        "_build_highwaters": "91b4cc0d3724ae7bfc398e873684fc6f667ef8feb61a3b3314346ef11f2823de",
        "_build_offsets": "27eec86be06cb51f66dfd2572be2f9b41acd22c3570239bb5c554bd94e59a1d6",
        "_seek_offsets": "19598ca63d94d250e49d2dfe48a3c48ecbdf65ee4f1a2871abda51d28b335e55",
        "_resume_streams": "d986a6710c1aca98f08c4c723fb3eadc5bf24576ad4eb9da3dd3eecedda2f24e",
        "on_recovery_completed": "6ef567acf072e46da3fccbccc6d662371f634f622c3d510972d5df81f70ae3ac",
    },
    PartitionAssignor: {
        "assign": "25f1cbbba9d46748e0b1ccd1356277859176d8e1db9cb485fd38f15433f9b24e",
        "_get_copartitioned_groups": "82b7a3764ad596f67ac9d08bfaf5c857dd0c5001d70b36cb010096443a085138",
    },
    Collection: {
        "__init__": "95568fc09c76d00688abac16ad47f9daeae9f4b5c5454099a85f9a9706e083e0",
        "_changelog_topic_name": "f341fe97037b4ac829cbfcdeadb269f08b3b62a3411cee380934b715bc132dbb",
        "_new_changelog_topic": "77bea64b59f798094f8de7a939a2e159ae5cd55a0d1877728ef1e205fe7ef98c",
        "apply_changelog_batch": "b980a78d3ae9b1e87f2d3fb63e0dcd2671341a1e60ea5233859d6bdd699d3029",
        "persisted_offset": "d473d3ab3fd6f036d974d0abe3d485a1f2b56495a8e792077848d3b1be2a94cd",
        "on_rebalance": "0812ad692171a8fd8b3757f2868fa50e195ff1ab3284da50a3200c32fae02932",
    },
    Schema: {
        "compile": "d46eec5ce3195b2c6752cb860a10946cee66ddf6a955f2ea44ac1568c0ecb9ad",
    },
}
