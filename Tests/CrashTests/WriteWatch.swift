import Foundation
import Synchronization

/// Does something at the n-th write into a file, told by inotify(7): within some ten microseconds, on a thread that waits
/// for nothing else. A commit of SQLite is a few writes into its log and then an fsync that takes milliseconds, so what is
/// done falls into the middle of a commit, or before its end is known to anybody.
final class WriteWatch: Sendable {
  /// inotify_init1(2) or inotify_add_watch(2) failed.
  struct Failed: Error {
    let path: String
    let errno: CInt
  }

  private static let wakeMilliseconds: CInt = 100
  private let isOver = Mutex(false)
  private let happened = Mutex(false)

  /// Whether it was done.
  var isDone: Bool { happened.withLock { $0 } }

  init(_ path: String, count: Int, action: @escaping @Sendable () -> Void) throws {
    let watch = inotify_init1(CInt(IN_CLOEXEC))
    guard watch >= 0 else { throw Failed(path: path, errno: errno) }
    guard inotify_add_watch(watch, path, UInt32(IN_MODIFY)) >= 0 else {
      defer { close(watch) }
      throw Failed(path: path, errno: errno)
    }
    let thread = Thread { [self] in
      defer { close(watch) }
      var left = count
      // One event: writes that nobody has read yet are told as one.
      var event = [UInt8](repeating: 0, count: MemoryLayout<inotify_event>.size + Int(NAME_MAX) + 1)
      while left > 0 {
        var ready = pollfd(fd: watch, events: Int16(POLLIN), revents: 0)
        if poll(&ready, 1, Self.wakeMilliseconds) > 0, read(watch, &event, event.count) > 0 { left -= 1 }
        if isOver.withLock({ $0 }) { return }
      }
      action()
      happened.withLock { $0 = true }
    }
    thread.start()
  }

  /// Ends the thread, done or not.
  func end() { isOver.withLock { $0 = true } }
}
