#define _GNU_SOURCE  // struct ucred, O_PATH, renameat2, statx
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>

int clinux_peer_credentials(int descriptor, pid_t *pid, uid_t *uid, gid_t *gid) {
  struct ucred peer;
  socklen_t size = sizeof peer;
  if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return -1;
  *pid = peer.pid;
  *uid = peer.uid;
  *gid = peer.gid;
  return 0;
}

int clinux_open_place(const char *path) { return open(path, O_PATH | O_CLOEXEC); }

int clinux_rename_new(const char *from, const char *to) {
  return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);
}

int clinux_birth_time(const char *path, int64_t *nanoseconds) {
  struct statx status;
  if (statx(AT_FDCWD, path, 0, STATX_BTIME, &status) != 0) return -1;
  if (!(status.stx_mask & STATX_BTIME)) {
    errno = ENODATA;
    return -1;
  }
  *nanoseconds = status.stx_btime.tv_sec * INT64_C(1000000000) + status.stx_btime.tv_nsec;
  return 0;
}

void clinux_limit_arenas(int count) { mallopt(M_ARENA_MAX, count); }

void clinux_trim_memory(void) { malloc_trim(0); }

size_t clinux_allocated_memory(void) {
  struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}
