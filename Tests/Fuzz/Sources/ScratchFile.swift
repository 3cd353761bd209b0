import Foundation

/// A file in memory that is written anew for each input, and unlinked when the program ends as it should.
struct ScratchFile: Sendable {
  /// Absolute.
  let path = "/dev/shm/invoiced-fuzz-\(getpid())"

  init() {
    // What a crash leaves stays until the machine is started again: a few kilobytes.
    atexit { unlink("/dev/shm/invoiced-fuzz-\(getpid())") }
  }

  func write(_ bytes: [UInt8]) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    defer { close(descriptor) }
    let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    property("the scratch file can be written", descriptor >= 0 && count == bytes.count)
  }
}
