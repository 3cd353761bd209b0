import Foundation

/// The exclusive lock on `$STATE/lock` (flock(2)), held for life and not inherited: no second daemon on one store.
final class StateLock: Sendable {
  enum LockError: Error {
    case taken(path: String)
    case failed(path: String, reason: String)
  }

  private let descriptor: CInt

  init(folder: String) throws(LockError) {
    let path = "\(folder)/lock"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .failed(path: path, reason: String(cString: strerror(errno))) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let reason = errno
      throw reason == EWOULDBLOCK ? .taken(path: path) : .failed(path: path, reason: String(cString: strerror(reason)))
    }
  }

  /// Also when `init` throws.
  deinit { if descriptor >= 0 { close(descriptor) } }
}
