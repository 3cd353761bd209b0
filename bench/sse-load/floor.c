// floor PORT: the least that a fan-out can do: one thread, and one write(2) for each reader and event. GET subscribes, POST
// publishes its body. No limits, no cursor, no slow readers: nothing that a server needs.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static int readers[1 << 16], count, poller;

static void watch(int socket) {
  struct epoll_event what = {.events = EPOLLIN, .data.fd = socket};
  epoll_ctl(poller, EPOLL_CTL_ADD, socket, &what);
}

static void say(int socket, const char *text) {
  if (write(socket, text, strlen(text)) < 0) perror("floor: write");
}

static void take(int socket) {
  static char request[1 << 14], event[1 << 15];
  static long sequence;
  ssize_t length = read(socket, request, sizeof request - 1);
  if (length <= 0) {
    for (int i = 0; i < count; i++)
      if (readers[i] == socket) readers[i--] = readers[--count];
    close(socket);
    return;
  }
  request[length] = 0;
  if (!strncmp(request, "GET", 3)) {
    say(socket, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n\r\nretry: 1000\n\n");
    readers[count++] = socket;
    return;
  }
  const char *body = strstr(request, "\r\n\r\n");
  snprintf(event, sizeof event, "id: bench.%ld\nevent: progress\ndata: %s\n\n", ++sequence, body ? body + 4 : "");
  for (int i = 0; i < count; i++) say(readers[i], event);
  say(socket, "HTTP/1.1 204 No Content\r\n\r\n");
}

int main(int words, char **word) {
  signal(SIGPIPE, SIG_IGN);
  int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_port = htons(words > 1 ? atoi(word[1]) : 0), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 4096)) {
    perror("floor");
    return 1;
  }
  poller = epoll_create1(0);
  watch(listener);
  for (;;) {
    struct epoll_event found[256];
    int ready = epoll_wait(poller, found, 256, -1);
    for (int i = 0; i < ready; i++) {
      if (found[i].data.fd != listener) {
        take(found[i].data.fd);
        continue;
      }
      int one = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
      if (one < 0) continue;
      setsockopt(one, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      watch(one);
    }
  }
}
