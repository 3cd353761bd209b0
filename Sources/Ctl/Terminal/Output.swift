import Foundation

/// Writes to standard output and error, unbuffered: a line is out when the call returns.
enum Output {
  /// Throws `Failure` when standard output takes no more (disk full), and an `Ending` when nobody reads it any more:
  /// whoever put `head` behind the pipe wants no message.
  static func write(_ text: String) throws { try write(Data(text.utf8)) }

  static func write(_ data: Data) throws {
    if let error = put(data, STDOUT_FILENO) {
      if error == EPIPE { throw Ending(status: .usage) }
      throw Failure(.usage, "OutputFailed", String(cString: strerror(error)))
    }
  }

  /// A message for people; nobody can be told when it cannot be written.
  static func note(_ text: String) { _ = put(Data((text + "\n").utf8), STDERR_FILENO) }

  /// Nil, or the errno of write(2).
  private static func put(_ data: Data, _ descriptor: Int32) -> Int32? {
    data.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = Foundation.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count >= 0 {
          rest = rest.dropFirst(count)
        } else if errno != EINTR {
          return errno
        }
      }
      return nil
    }
  }
}
