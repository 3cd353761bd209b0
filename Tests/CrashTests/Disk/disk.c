// Loaded into invoiced by LD_PRELOAD: writes down what it does to the files of some folders, and fails or kills where a
// test says so. Compiled by the tests: cc -shared -fPIC -O1 -o disk.so disk.c
//
//   DISK_TRACE    file that gets a record of every operation (struct record, then the path, then the data)
//   DISK_ROOTS    folders, with colons between; everything else is left alone
//   DISK_CONTROL  file of sizeof(struct control) bytes, read as shared memory: a test changes it at run time
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { CREATE = 1, WRITE, TRUNCATE, SYNC_BEGIN, SYNC_END, RENAME, UNLINK, SEND };

struct record {
  uint32_t kind, path_size, data_size, number;  // number: of the sync that begins or ends
  int64_t offset;
};

// Kinds of faults; each byte counts down unless it is 255, which stays.
struct control {
  uint8_t full;       // writes into the database's files: ENOSPC
  uint8_t io;         // syncs of the log: EIO, after they have been carried out
  uint8_t read_only;  // everything that changes: EROFS
  uint8_t kill;       // at the end of the n-th sync of the log from now on: SIGKILL
  uint8_t kill_write; // at the n-th write into the log from now on: SIGKILL
};

#define MAXIMUM 4096
static char *paths[MAXIMUM];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int trace = -1;
static const char *roots;
static volatile struct control *control;
static uint32_t syncs;

#define REAL(name) ((__typeof__(&name))real(#name))
static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

__attribute__((constructor)) static void begin(void) {
  if (strcmp(program_invocation_short_name, "invoiced") != 0) return;
  const char *file = getenv("DISK_TRACE"), *shared = getenv("DISK_CONTROL");
  roots = getenv("DISK_ROOTS");
  if (!file || !roots) return;
  if (shared) {
    int descriptor = REAL(open)(shared, O_RDWR | O_CLOEXEC);
    void *page = mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    if (page != MAP_FAILED) control = page;
    close(descriptor);
  }
  trace = REAL(open)(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
}

static int ends_with(const char *path, const char *end) {
  size_t a = strlen(path), b = strlen(end);
  return a >= b && strcmp(path + a - b, end) == 0;
}

// The log's index is shared memory, and no file that a crash keeps; the lock and the reserve have no content.
static int is_ours(const char *path) {
  if (trace < 0 || !path || path[0] != '/' || ends_with(path, "-shm") || ends_with(path, "/lock")
      || ends_with(path, "/reserve")) return 0;
  for (const char *root = roots; *root;) {
    size_t size = strcspn(root, ":");
    if (strncmp(path, root, size) == 0 && (path[size] == '/' || path[size] == 0)) return 1;
    root += size + (root[size] == ':');
  }
  return 0;
}

static void note(int kind, const char *path, const void *data, size_t size, int64_t offset, uint32_t number) {
  struct record record = {kind, strlen(path), size, number, offset};
  struct iovec parts[] = {{&record, sizeof record}, {(void *)path, record.path_size}, {(void *)data, size}};
  ssize_t done = REAL(writev)(trace, parts, 3);
  (void)done;
}

static int counts_down(volatile uint8_t *count) {
  if (!*count) return 0;
  if (*count != 255) --*count;
  return 1;
}

// Under the lock. Whether a change of this file fails.
static int fails(const char *path) {
  if (!control) return 0;
  if (control->read_only) { errno = EROFS; return 1; }
  if (strstr(path, "/store.db") && counts_down(&control->full)) { errno = ENOSPC; return 1; }
  return 0;
}

static void remember(int descriptor, const char *path) {
  if (descriptor < 0 || descriptor >= MAXIMUM) return;
  free(paths[descriptor]);
  paths[descriptor] = path && is_ours(path) ? strdup(path) : NULL;
}

static const char *path_of(int descriptor) {
  return descriptor >= 0 && descriptor < MAXIMUM ? paths[descriptor] : NULL;
}

static int opened(int (*open_file)(const char *, int, ...), const char *path, int flags, mode_t mode) {
  if (!is_ours(path)) {
    int descriptor = open_file(path, flags, mode);
    if (trace >= 0 && path_of(descriptor)) { pthread_mutex_lock(&lock); remember(descriptor, NULL); pthread_mutex_unlock(&lock); }
    return descriptor;
  }
  pthread_mutex_lock(&lock);
  struct stat status;
  int isNew = (flags & O_CREAT) && stat(path, &status) != 0;
  int descriptor = -1;
  if (isNew && control && control->read_only) errno = EROFS;
  else descriptor = open_file(path, flags, mode);
  int error = errno;
  remember(descriptor, path);
  if (descriptor >= 0 && isNew) note(CREATE, path, NULL, 0, 0, 0);
  if (descriptor >= 0 && (flags & O_TRUNC)) note(TRUNCATE, path, NULL, 0, 0, 0);
  pthread_mutex_unlock(&lock);
  errno = error;
  return descriptor;
}

#define OPEN(name)                                                   \
  int name(const char *path, int flags, ...) {                       \
    va_list list; va_start(list, flags);                             \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0; \
    va_end(list);                                                    \
    return opened(REAL(name), path, flags, mode);                    \
  }
OPEN(open)
OPEN(open64)

int close(int descriptor) {
  if (path_of(descriptor)) { pthread_mutex_lock(&lock); remember(descriptor, NULL); pthread_mutex_unlock(&lock); }
  return REAL(close)(descriptor);
}

static ssize_t written(int descriptor, const void *data, size_t size, off_t offset, int isAt) {
  const char *path = path_of(descriptor);
  if (!path) return isAt ? REAL(pwrite64)(descriptor, data, size, offset) : REAL(write)(descriptor, data, size);
  pthread_mutex_lock(&lock);
  ssize_t done = -1;
  int isLog = ends_with(path, "-wal");
  if (!fails(path)) {
    if (!isAt) offset = lseek(descriptor, 0, SEEK_CUR);
    // In the middle of a batch: of this write there is a part.
    if (control && isLog && control->kill_write && --control->kill_write == 0) {
      size /= 2;
      done = isAt ? REAL(pwrite64)(descriptor, data, size, offset) : REAL(write)(descriptor, data, size);
      if (done > 0) note(WRITE, path, data, done, offset, 0);
      kill(getpid(), SIGKILL);
    }
    done = isAt ? REAL(pwrite64)(descriptor, data, size, offset) : REAL(write)(descriptor, data, size);
  }
  int error = errno;
  if (done > 0) note(WRITE, path, data, done, offset, 0);
  pthread_mutex_unlock(&lock);
  errno = error;
  return done;
}

ssize_t write(int descriptor, const void *data, size_t size) { return written(descriptor, data, size, 0, 0); }
ssize_t pwrite(int descriptor, const void *data, size_t size, off_t at) { return written(descriptor, data, size, at, 1); }
ssize_t pwrite64(int descriptor, const void *data, size_t size, off64_t at) { return written(descriptor, data, size, at, 1); }

static int truncated(int descriptor, off_t size) {
  const char *path = path_of(descriptor);
  if (!path) return REAL(ftruncate64)(descriptor, size);
  pthread_mutex_lock(&lock);
  int result = fails(path) ? -1 : REAL(ftruncate64)(descriptor, size);
  int error = errno;
  if (result == 0) note(TRUNCATE, path, NULL, 0, size, 0);
  pthread_mutex_unlock(&lock);
  errno = error;
  return result;
}

int ftruncate(int descriptor, off_t size) { return truncated(descriptor, size); }
int ftruncate64(int descriptor, off64_t size) { return truncated(descriptor, size); }

static int synced(int (*sync_file)(int), int descriptor) {
  const char *path = path_of(descriptor);
  if (!path) return sync_file(descriptor);
  pthread_mutex_lock(&lock);
  uint32_t number = ++syncs;
  int isLog = ends_with(path, "-wal");
  int isFailing = control && (control->read_only || (isLog && counts_down(&control->io)));
  char copy[4096];
  strncpy(copy, path, sizeof copy - 1);
  copy[sizeof copy - 1] = 0;
  note(SYNC_BEGIN, copy, NULL, 0, 0, number);
  pthread_mutex_unlock(&lock);
  int result = sync_file(descriptor);
  if (isFailing) { errno = EIO; return -1; }
  int error = errno;
  pthread_mutex_lock(&lock);
  if (result == 0) note(SYNC_END, copy, NULL, 0, 0, number);
  // It is on the disk, and nobody who waits for it knows.
  if (control && isLog && control->kill && --control->kill == 0) kill(getpid(), SIGKILL);
  pthread_mutex_unlock(&lock);
  errno = error;
  return result;
}

int fsync(int descriptor) { return synced(REAL(fsync), descriptor); }
int fdatasync(int descriptor) { return synced(REAL(fdatasync), descriptor); }

static int renamed(const char *from, const char *to, unsigned flags) {
  pthread_mutex_lock(&lock);
  int result = -1;
  if (control && control->read_only) errno = EROFS;
  else result = REAL(renameat2)(AT_FDCWD, from, AT_FDCWD, to, flags);
  int error = errno;
  if (result == 0) note(RENAME, from, to, strlen(to), 0, 0);
  pthread_mutex_unlock(&lock);
  errno = error;
  return result;
}

int rename(const char *from, const char *to) {
  return is_ours(from) ? renamed(from, to, 0) : REAL(rename)(from, to);
}

int renameat2(int fromFolder, const char *from, int toFolder, const char *to, unsigned flags) {
  return is_ours(from) ? renamed(from, to, flags) : REAL(renameat2)(fromFolder, from, toFolder, to, flags);
}

int unlink(const char *path) {
  if (!is_ours(path)) return REAL(unlink)(path);
  pthread_mutex_lock(&lock);
  int result = -1;
  if (control && control->read_only) errno = EROFS;
  else result = REAL(unlink)(path);
  int error = errno;
  if (result == 0) note(UNLINK, path, NULL, 0, 0, 0);
  pthread_mutex_unlock(&lock);
  errno = error;
  return result;
}

// What libcurl hands to OpenSSL is plain text still: with HTTP/1.1 a send shows in it.
int SSL_write(void *ssl, const void *data, int size) {
  static int (*write_tls)(void *, const void *, int);
  if (!write_tls) write_tls = real("SSL_write");
  if (trace >= 0 && size > 0) {
    pthread_mutex_lock(&lock);
    note(SEND, "", data, size > 4096 ? 4096 : size, 0, 0);
    pthread_mutex_unlock(&lock);
  }
  return write_tls(ssl, data, size);
}
