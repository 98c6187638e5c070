"""The gate before every admin command: a stranger gets exactly what any unknown word or dead button gets."""

from collections.abc import Callable

from bot.scene import Scene
from bot.talk import browse
from flows.admins import is_admin


def runs_shop(scene: Scene) -> bool:
    """Whether who speaks is an admin."""
    return is_admin(scene.unit, scene.premises, scene.peer.channel, scene.peer.external)


def for_admins(step: Callable[[Scene], None]) -> Callable[[Scene], None]:
    """A command for admins alone."""
    return lambda scene: step(scene) if runs_shop(scene) else browse.nonsense(scene)


def pressed_by_admins(press: Callable[[Scene, str], None]) -> Callable[[Scene, str], None]:
    """A button for admins alone; a page of theirs may have been forwarded."""
    return lambda scene, rest: press(scene, rest) if runs_shop(scene) else browse.dead_button(scene, rest)


def typed_after(scene: Scene) -> str:
    """What was typed after the command, without the space around it."""
    _, *rest = scene.incoming.text.split(maxsplit=1)
    return rest[0].strip() if rest else ""
