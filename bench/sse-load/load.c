// load: many readers of one stream of Server-Sent Events and one publisher, on one machine: how long from the publishing
// of an event to its receipt, and whether each reader gets each event once. Linux; needs nothing but the C library.
//
//   load --url URL [--header 'NAME: VALUE'] --readers N --events N --rate PER_SECOND --publish URL|PATH --pids PID,PID…
//
// The events are the daemon's, and keep to the schedule however late the server is. In place of an invoice's number they
// carry their own and the moment of their publication: @@SEQUENCE:NANOSECONDS@@. They are POSTed to the URL; or this
// program stands for the daemon on the Unix socket PATH, and answers `Watch` of io.invoiced.Jobs as one that has one job.
//
// Prints one line, times in milliseconds:
//
//   P50 P99 MAX READ_P99 GAPS DUPLICATES KIB_A_READER US_OF_CPU_AN_EVENT
//
// The first three end with the kernel's receive stamp (socket(7), SO_TIMESTAMPNS), so that queueing in this program is
// not the server's; READ_P99 ends with the read: far above P99, and this program is the bottleneck. Where several events
// are read at once they have the stamp of the last one. GAPS are events that a reader did not get, whatever the
// reason: one that was refused misses all. Memory is the proportional set size of the processes (proc_pid_smaps(5)) when
// all readers have come, less that when the first few had: what a server takes once is not theirs. CPU is that of the
// processes from the first event to the last.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define SECOND 1000000000LL
enum {
  connections_a_second = 1000,
  ready_seconds = 60, // until all readers have their first byte
  settle_seconds = 1, // before memory is read
  first_readers = 10, // that are not counted in it
  tail_seconds = 5,   // without a receipt, after which what is missing is a gap
  tail_size = 64,     // of an event's mark that was cut in two
};

typedef struct {
  char host[64];
  char path[256];
  struct sockaddr_in address;
} target;

typedef struct {
  int socket;
  bool began;
  int64_t next; // the event that is to come
  int64_t received, duplicates;
  char tail[tail_size];
  size_t tail_length;
} reader;

typedef struct {
  int64_t *values;
  size_t count, capacity;
} series;

static const char *header = "";
static int readers, events;
static double rate;
static reader *all;
static int poller;
static series stamped, read_at; // used by the receiving thread alone, until it has ended
static atomic_int ready;
static atomic_long received;
static atomic_bool stop;

static void fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fputs("load: ", stderr);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  exit(2);
}

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  return t.tv_sec * SECOND + t.tv_nsec;
}

static void sleep_until(int64_t moment) {
  struct timespec t = {moment / SECOND, moment % SECOND};
  while (clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &t, NULL) == EINTR) {}
}

// http://A.B.C.D:PORT/PATH
static target parse(const char *url) {
  target result = {.path = "/"};
  int port;
  char host[32];
  if (sscanf(url, "http://%31[0-9.]:%d%255s", host, &port, result.path) < 2) fail("not an address: %s", url);
  snprintf(result.host, sizeof result.host, "%s:%d", host, port);
  result.address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(port)};
  inet_pton(AF_INET, host, &result.address.sin_addr);
  return result;
}

static int open_connection(const target *to) {
  int result = socket(AF_INET, SOCK_STREAM, 0), on = 1;
  if (result < 0) fail("socket: %s", strerror(errno));
  setsockopt(result, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(result, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  if (connect(result, (const struct sockaddr *)&to->address, sizeof to->address) == 0) return result;
  close(result);
  return -1;
}

static void add(series *to, int64_t value) {
  if (to->count == to->capacity) {
    to->capacity = to->capacity ? to->capacity * 2 : 1 << 16;
    to->values = realloc(to->values, to->capacity * sizeof value);
    if (!to->values) fail("no memory");
  }
  to->values[to->count++] = value;
}

// Receiving

static void take(reader *r, int64_t sequence, int64_t published, int64_t stamp, int64_t read) {
  if (sequence < r->next) {
    r->duplicates++;
    return;
  }
  r->next = sequence + 1;
  r->received++;
  add(&stamped, stamp - published);
  add(&read_at, read - published);
  atomic_fetch_add(&received, 1);
}

// Takes the marks in `text`, which ends with a NUL; what may be the beginning of one is kept for the next time.
static void scan(reader *r, char *text, size_t length, int64_t stamp, int64_t read) {
  char *place = text, *end = text + length, *mark;
  while ((mark = memmem(place, end - place, "@@", 2))) {
    long long sequence, published;
    int size = 0;
    if (sscanf(mark, "@@%lld:%lld@@%n", &sequence, &published, &size) == 2 && size > 0) {
      take(r, sequence, published, stamp, read);
      place = mark + size;
    } else if (end - mark < tail_size) {
      break;
    } else {
      place = mark + 2;
    }
  }
  if (!mark) mark = end > place && end[-1] == '@' ? end - 1 : end;
  r->tail_length = end - mark;
  memcpy(r->tail, mark, r->tail_length);
}

static void receive(reader *r) {
  static char text[tail_size + (1 << 18) + 1];
  char control[CMSG_SPACE(sizeof(struct timespec))];
  memcpy(text, r->tail, r->tail_length);
  struct iovec part = {text + r->tail_length, 1 << 18};
  struct msghdr message = {
      .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
  ssize_t count = recvmsg(r->socket, &message, MSG_DONTWAIT);
  int64_t read = now(), stamp = read;
  if (count < 0 && errno == EAGAIN) return;
  if (count <= 0) {
    epoll_ctl(poller, EPOLL_CTL_DEL, r->socket, NULL);
    return;
  }
  struct cmsghdr *first = CMSG_FIRSTHDR(&message);
  if (first && first->cmsg_level == SOL_SOCKET && first->cmsg_type == SCM_TIMESTAMPNS) {
    struct timespec t;
    memcpy(&t, CMSG_DATA(first), sizeof t);
    stamp = t.tv_sec * SECOND + t.tv_nsec;
  }
  size_t length = r->tail_length + count;
  text[length] = 0;
  if (!r->began) {
    if (strncmp(text, "HTTP/1.1 200", 12)) fail("the server answers: %.300s", text);
    r->began = true;
    atomic_fetch_add(&ready, 1);
  }
  scan(r, text, length, stamp, read);
}

static void *receive_all(void *unused) {
  struct epoll_event found[512];
  while (!atomic_load(&stop)) {
    int count = epoll_wait(poller, found, 512, 50);
    for (int i = 0; i < count; i++) receive(found[i].data.ptr);
  }
  return unused;
}

// Readers from one to before another, and waits for the answers to all so far.
static void connect_some(const target *to, int first, int end) {
  char request[1024];
  int length = snprintf(
      request, sizeof request, "GET %s HTTP/1.1\r\nHost: %s\r\nAccept: text/event-stream\r\n%s%s\r\n", to->path,
      to->host, header, *header ? "\r\n" : "");
  int64_t begin = now();
  for (int i = first; i < end; i++) {
    sleep_until(begin + (i - first) * SECOND / connections_a_second);
    all[i].socket = open_connection(to);
    if (all[i].socket < 0 || write(all[i].socket, request, length) != length) fail("reader %d: %s", i, strerror(errno));
    struct epoll_event what = {.events = EPOLLIN | EPOLLRDHUP, .data.ptr = &all[i]};
    epoll_ctl(poller, EPOLL_CTL_ADD, all[i].socket, &what);
  }
  while (atomic_load(&ready) < end) {
    if (now() > begin + ready_seconds * SECOND) fail("%d of %d readers have an answer", atomic_load(&ready), end);
    usleep(10000);
  }
  sleep(settle_seconds);
}

// Publishing

static int event(char *text, size_t size, int sequence, int64_t moment) {
  return snprintf(
      text, size,
      "{\"at\":\"2026-11-28T01:05:54.276Z\",\"counts\":{\"already\":0,\"cancelled\":0,\"failed\":0,\"left\":%d,"
      "\"sent\":%d,\"skipped\":0,\"total\":%d,\"unknown\":0},\"delivery\":{\"cct\":\"CCT145\",\"file\":"
      "\"FACTURE-2026-10-002.pdf\",\"inferred\":false,\"number\":\"@@%d:%lld@@\",\"position\":%d,\"recipients\":"
      "[\"koen@desmet.example\"],\"state\":\"sent\",\"took\":0.161},\"elapsed\":0.655,\"id\":\"bench.%d\",\"job\":1,"
      "\"kind\":\"progress\",\"percentage\":%d,\"pipeline\":\"invoices\",\"processed\":%d,\"remaining\":%d,"
      "\"speed\":1.527,\"state\":\"running\"}",
      events - sequence - 1, sequence + 1, events, sequence, (long long)moment, sequence + 1, sequence + 1,
      100 * (sequence + 1) / events, sequence + 1, events - sequence - 1);
}

// Waits for the answer. Any status of 2xx does; no server here answers with more than fits.
static void post(int connection, const target *to, const char *body, int length) {
  char request[4096], answer[4096];
  int size = snprintf(
      request, sizeof request, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n"
      "\r\n%s", to->path, to->host, length, body);
  if (write(connection, request, size) != size) fail("publish: %s", strerror(errno));
  ssize_t count = read(connection, answer, sizeof answer - 1);
  answer[count > 0 ? count : 0] = 0;
  if (strncmp(answer, "HTTP/1.1 2", 10)) fail("publish: %s", answer);
}

static int daemon_socket, watchers[16];
static atomic_int watching;

static void tell(int watcher, const char *parameters) {
  char frame[4096];
  int size = snprintf(frame, sizeof frame, "{\"continues\":true,\"parameters\":{%s}}", parameters) + 1; // with its NUL
  if (write(watcher, frame, size) != size) fail("publish: %s", strerror(errno));
}

// Takes calls, one a connection; whoever calls anything but `Watch` hears nothing.
static void *stand_for_daemon(void *unused) {
  int one;
  while ((one = accept(daemon_socket, NULL, NULL)) >= 0) {
    char call[1024] = "";
    if (read(one, call, sizeof call - 1) <= 0 || !strstr(call, "\"io.invoiced.Jobs.Watch\"")) continue;
    tell(one, strstr(call, "\"job\"")
        ? "\"last\":\"bench.0\",\"recent\":[],\"snapshot\":{\"counts\":{\"already\":0,\"cancelled\":0,\"failed\":0,"
          "\"left\":0,\"sent\":0,\"skipped\":0,\"total\":0,\"unknown\":0},\"filter\":{\"numbers\":[]},\"holds\":[],"
          "\"id\":1,\"occasion\":\"\",\"pipeline\":\"invoices\",\"started_at\":\"2026-11-28T01:05:53.621Z\","
          "\"started_by\":{\"name\":\"bench\",\"uid\":0},\"state\":\"running\"}"
        : "\"last\":\"bench.0\"");
    watchers[atomic_load(&watching)] = one;
    if (atomic_fetch_add(&watching, 1) + 1 == 16) break;
  }
  return unused;
}

static void listen_as_daemon(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
  daemon_socket = socket(AF_UNIX, SOCK_STREAM, 0);
  if (bind(daemon_socket, (struct sockaddr *)&address, sizeof address) || listen(daemon_socket, 16))
    fail("%s: %s", path, strerror(errno));
  pthread_t thread;
  pthread_create(&thread, NULL, stand_for_daemon, NULL);
}

// By POST, or without an address to the daemon's watchers.
static void publish_all(const target *to) {
  int connection = to ? open_connection(to) : 0;
  if (connection < 0) fail("publish: %s", strerror(errno));
  int64_t begin = now();
  for (int i = 0; i < events; i++) {
    char text[2048], member[2100];
    sleep_until(begin + (int64_t)(i / rate * SECOND));
    int length = event(text, sizeof text, i, now());
    snprintf(member, sizeof member, "\"event\":%s", text);
    if (to) post(connection, to, text, length);
    for (int watcher = 0; !to && watcher < atomic_load(&watching); watcher++) tell(watchers[watcher], member);
  }
  long last = -1, count;
  for (int64_t end = 0; (count = atomic_load(&received)) < (long)readers * events; usleep(10000)) {
    if (count != last) end = now() + tail_seconds * SECOND;
    if (now() > end) break;
    last = count;
  }
}

// What the server takes

static long long of_pids(const char *pids, long long (*measure)(int)) {
  long long sum = 0;
  for (const char *p = pids; *p; p += strspn(p, ",")) sum += measure(strtol(p, (char **)&p, 10));
  return sum;
}

static FILE *open_proc(int pid, const char *name) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
  FILE *file = fopen(path, "r");
  if (!file) fail("%s: %s", path, strerror(errno));
  return file;
}

static long long memory_in_kib(int pid) {
  FILE *file = open_proc(pid, "smaps_rollup");
  char line[256];
  long long result = 0;
  while (fgets(line, sizeof line, file) && sscanf(line, "Pss: %lld", &result) != 1) {}
  fclose(file);
  return result;
}

static long long ticks(int pid) {
  FILE *file = open_proc(pid, "stat");
  long long user = 0, system = 0;
  if (fscanf(file, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lld %lld", &user, &system) != 2)
    fail("the times of process %d", pid);
  fclose(file);
  return user + system;
}

static int by_value(const void *a, const void *b) {
  int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

static double quantile(const series *of, double share) {
  return of->count ? of->values[(size_t)((of->count - 1) * share)] / 1e6 : 0;
}

int main(int count, char **words) {
  const char *url = "", *publish_url = "", *pids = "";
  for (int i = 1; i + 1 < count; i += 2) {
    char *value = words[i + 1];
    if (!strcmp(words[i], "--url")) url = value;
    else if (!strcmp(words[i], "--header")) header = value;
    else if (!strcmp(words[i], "--readers")) readers = atoi(value);
    else if (!strcmp(words[i], "--events")) events = atoi(value);
    else if (!strcmp(words[i], "--rate")) rate = atof(value);
    else if (!strcmp(words[i], "--publish")) publish_url = value;
    else if (!strcmp(words[i], "--pids")) pids = value;
    else fail("unknown: %s", words[i]);
  }
  if (readers <= first_readers || events < 1 || rate <= 0) fail("more than %d readers, and events", first_readers);
  signal(SIGPIPE, SIG_IGN);
  target from = parse(url), to = {0};
  bool is_daemon = *publish_url == '/';
  if (is_daemon) listen_as_daemon(publish_url);
  else to = parse(publish_url);
  all = calloc(readers, sizeof *all);
  poller = epoll_create1(0);
  pthread_t receiver;
  pthread_create(&receiver, NULL, receive_all, NULL);

  connect_some(&from, 0, first_readers);
  long long memory = of_pids(pids, memory_in_kib);
  connect_some(&from, first_readers, readers);
  memory = of_pids(pids, memory_in_kib) - memory;
  long long cpu = of_pids(pids, ticks);
  publish_all(is_daemon ? NULL : &to);
  cpu = of_pids(pids, ticks) - cpu;
  atomic_store(&stop, true);
  pthread_join(receiver, NULL);

  long long gaps = 0, duplicates = 0;
  for (int i = 0; i < readers; i++) {
    gaps += events - all[i].received;
    duplicates += all[i].duplicates;
  }
  qsort(stamped.values, stamped.count, sizeof(int64_t), by_value);
  qsort(read_at.values, read_at.count, sizeof(int64_t), by_value);
  double us = cpu * 1e6 / sysconf(_SC_CLK_TCK) / (stamped.count ? stamped.count : 1);
  printf("%.1f %.1f %.1f %.1f %lld %lld %.1f %.1f\n", quantile(&stamped, 0.5), quantile(&stamped, 0.99),
         quantile(&stamped, 1), quantile(&read_at, 0.99), gaps, duplicates, (double)memory / (readers - first_readers), us);
  return 0;
}
