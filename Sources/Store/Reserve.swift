import Files
import Foundation
import Synchronization

/// Room on the disk that is kept for the outcomes of what is being sent: a file that is filled beforehand, and given up
/// when the disk is full. Nothing new is sent before it is there again.
final class Reserve: Sendable {
  /// An outcome and its event change some ten pages of 4 KiB: enough for hundreds of them, the holds that tell of the full
  /// disk, and the log's way back into the database.
  static let sizeInBytes = 8 << 20

  private let path: String
  private let whole = Atomic(false)

  init(path: String) { self.path = path }

  /// Whether the room is kept.
  var isWhole: Bool { whole.load(ordering: .acquiring) }

  /// Takes the room, if it is not taken yet; blocks. Throws when there is none (ENOSPC), or the disk cannot be written.
  func make() throws(SystemCallError) {
    guard !isWhole else { return }
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw SystemCallError("open", path) }
    defer { close(descriptor) }
    // Unlike most calls it returns the error's number (posix_fallocate(3)).
    let failure = posix_fallocate(descriptor, 0, off_t(Self.sizeInBytes))
    guard failure == 0 else {
      unlink(path)
      throw SystemCallError("posix_fallocate", path, failure)
    }
    whole.store(true, ordering: .releasing)
  }

  /// Gives the room up. False: there was none to give.
  func free() -> Bool {
    guard whole.exchange(false, ordering: .acquiringAndReleasing) else { return false }
    return unlink(path) == 0
  }
}
