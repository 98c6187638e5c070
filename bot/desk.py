"""The desk: remembers people and where the talk with each of them stands."""

from bot.scene import Scene
from flows.messages import Incoming, Reply
from flows.premises import Premises
from flows.send_reply import reply_job
from locales import Texts
from sales.errors import Later
from sales.people import Peer
from storage import buyers, work
from storage.unit import Unit


def enter(unit: Unit, premises: Premises, texts: Texts, incoming: Incoming) -> Scene:
    """Open the scene for what somebody did; people seen for the first time are taken in."""
    peer = _peer(unit, premises, texts, incoming)
    return Scene(unit, premises, texts, peer, incoming, buyers.talk(unit, premises.shop.id, peer.id))


def leave(scene: Scene) -> None:
    """Write where the talk stands and put the replies into the outbox, in the same Unit.

    Raises Later when somebody else has moved the talk meanwhile: then all of it is done again.
    """
    shop = scene.premises.shop.id
    if (scene.step or scene.talk.step) and not buyers.move_talk(
        scene.unit, shop, scene.peer.id, scene.talk, scene.step, scene.data
    ):
        raise Later("the talk has moved meanwhile", 0)
    name = f"in:{scene.incoming.channel}:{scene.incoming.event}"
    replies = [*_pressed(scene), *scene.replies]
    jobs = [reply_job(scene.peer, reply, f"{name}:{place}") for place, reply in enumerate(replies)]
    work.enqueue(scene.unit, shop, jobs)
    for act in scene.afterwards:
        act()


def hear_of_mouth(unit: Unit, premises: Premises, incoming: Incoming, *, reachable: bool) -> None:
    """Note that somebody has closed their chat to us, or opened it again."""
    buyers.set_reachable(unit, premises.shop.id, incoming.channel, incoming.peer, reachable)


def speak(scene: Scene, language: str) -> None:
    """Remember the language somebody chose; what is said next is in it already."""
    buyers.set_language(scene.unit, scene.premises.shop.id, scene.peer.buyer, language)


def _peer(unit: Unit, premises: Premises, texts: Texts, incoming: Incoming) -> Peer:
    shop = premises.shop
    known = buyers.peer_at(unit, shop.id, incoming.channel, incoming.peer)
    if known is None:
        language = texts.match(incoming.language) if incoming.language else shop.language
        return buyers.meet(unit, shop.id, incoming.channel, incoming.peer, incoming.name, language, incoming.handle)
    if (known.name, known.handle) != (incoming.name, incoming.handle):
        buyers.rename(unit, shop.id, known.id, incoming.name, incoming.handle)
    if not known.reachable:
        buyers.set_reachable(unit, shop.id, incoming.channel, incoming.peer, reachable=True)
    return known


def _pressed(scene: Scene) -> list[Reply]:
    """Every press is answered, or the button would keep turning."""
    if scene.incoming.press is None:
        return []
    return [Reply((scene.toast,) if scene.toast else (), toast=scene.incoming.press)]
