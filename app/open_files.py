"""Every connection is an open file: a process may have as many as the system allows, not the thousand of a shell."""

import resource

ENOUGH = 65_536


def allow_open_files() -> None:
    """Raise this process's own limit: when it is reached, no door opens and no letter leaves."""
    limit, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = ENOUGH if most == resource.RLIM_INFINITY else min(most, ENOUGH)
    if limit != resource.RLIM_INFINITY and limit < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
