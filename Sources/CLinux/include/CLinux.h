// Linux calls and types that Swift's Glibc module does not show.
#pragma once

#include <stdint.h>
#include <sys/types.h>

/// The peer of a connected Unix socket (unix(7), SO_PEERCRED): 0, or -1 with errno.
int clinux_peer_credentials(int descriptor, pid_t *pid, uid_t *uid, gid_t *gid);

/// open(2) with O_PATH | O_CLOEXEC: a descriptor that names a place and opens nothing. -1 with errno.
int clinux_open_place(const char *path);

/// renameat2(2) with RENAME_NOREPLACE, both paths from the working folder: 0, or -1 with errno.
int clinux_rename_new(const char *from, const char *to);

/// When the file at a path was made (statx(2), STATX_BTIME), in nanoseconds since 1970: 0, or -1 with errno, which is
/// ENODATA where its file system does not keep that.
int clinux_birth_time(const char *path, int64_t *nanoseconds);

/// mallopt(3) with M_ARENA_MAX: from now on all threads of the process share so many arenas. Before there is a second one.
void clinux_limit_arenas(int count);

/// malloc_trim(3): gives memory that was freed back to the system. Takes milliseconds, while nobody can allocate.
void clinux_trim_memory(void);

/// mallinfo2(3): bytes that were allocated and not freed, of all arenas.
size_t clinux_allocated_memory(void);
