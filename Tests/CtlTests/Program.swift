import Foundation
import Synchronization
import Testing

/// A run of `invoicectl`, over pipes or on a terminal.
final class Program: Sendable {
  struct NoTerminal: Error {}
  /// What it printed instead of what was waited for.
  struct Ended: Error { var output: String }

  private let process: Process
  private let output: AsyncStream<Data>
  private let errors: AsyncStream<Data>
  private let input: FileHandle
  private let seen = Mutex("")

  /// The executable beside the tests.
  private static var executable: URL {
    let own = URL(filePath: (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "")
    return own.deletingLastPathComponent().appending(path: "invoicectl")
  }

  /// - Parameter columns: of the terminal that it runs on; nil: pipes.
  init(_ arguments: [String], columns: UInt16? = nil, folder: String? = nil) throws {
    process = Process()
    process.executableURL = Self.executable
    process.arguments = arguments
    process.environment = ["TERM": "xterm", "NO_COLOR": "1", "TZ": "UTC", "PATH": "/usr/bin:/bin"]
    if let folder { process.currentDirectoryURL = URL(filePath: folder) }
    let errorPipe = Pipe()
    process.standardError = errorPipe
    var toClose: [FileHandle] = []
    let reader: FileHandle
    if let columns {
      let (ours, theirs) = try Self.terminal(columns: columns)
      (reader, input) = (ours, ours)
      process.standardInput = theirs
      process.standardOutput = theirs
      toClose.append(theirs)
    } else {
      let (inputPipe, outputPipe) = (Pipe(), Pipe())
      process.standardInput = inputPipe
      process.standardOutput = outputPipe
      (reader, input) = (outputPipe.fileHandleForReading, inputPipe.fileHandleForWriting)
    }
    try process.run()
    for handle in toClose { try handle.close() }
    output = Self.chunks(of: reader)
    errors = Self.chunks(of: errorPipe.fileHandleForReading)
  }

  func type(_ text: String) throws { try input.write(contentsOf: Data(text.utf8)) }

  func endInput() throws { try input.close() }

  func interrupt() { process.interrupt() }

  /// Standard output so far, once it contains the text.
  @discardableResult
  func output(until text: String) async throws -> String { try await output { $0.contains(text) } }

  /// Reads until what was written so far is enough.
  @discardableResult
  func output(until isEnough: (String) -> Bool) async throws -> String {
    for await chunk in output {
      let all = seen.withLock { seen in
        seen += String(decoding: chunk, as: UTF8.self)
        return seen
      }
      if isEnough(all) { return all }
    }
    throw Ended(output: seen.withLock { $0 })
  }

  /// Everything, after its end.
  func end() async -> (status: Int32, output: String, errors: String) {
    for await chunk in output { seen.withLock { $0 += String(decoding: chunk, as: UTF8.self) } }
    var message = Data()
    for await chunk in errors { message += chunk }
    process.waitUntilExit()
    return (process.terminationStatus, seen.withLock { $0 }, String(decoding: message, as: UTF8.self))
  }

  static func run(_ arguments: [String], input: String = "", folder: String? = nil) async throws -> (
    status: Int32, output: String, errors: String
  ) {
    let program = try Program(arguments, folder: folder)
    try program.type(input)
    try program.endInput()
    return await program.end()
  }

  /// A thread reads, so that no test waits in read(2).
  private static func chunks(of handle: FileHandle) -> AsyncStream<Data> {
    let (stream, continuation) = AsyncStream.makeStream(of: Data.self)
    let descriptor = handle.fileDescriptor
    Thread.detachNewThread {
      var buffer = [UInt8](repeating: 0, count: 65_536)
      while true {
        let count = read(descriptor, &buffer, buffer.count)
        guard count > 0 else { break }  // a terminal whose other side is closed fails with EIO
        continuation.yield(Data(buffer[..<count]))
      }
      withExtendedLifetime(handle) { continuation.finish() }
    }
    return stream
  }

  /// Both sides of a new terminal (pty(7)).
  private static func terminal(columns: UInt16) throws -> (ours: FileHandle, theirs: FileHandle) {
    let ours = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var (number, locked) = (CInt(0), CInt(0))
    // TIOCSPTLCK and TIOCGPTN (ioctl_tty(2)): macros that Swift does not see.
    guard ours >= 0, ioctl(ours, 0x4004_5431, &locked) == 0, ioctl(ours, 0x8004_5430, &number) == 0 else {
      throw NoTerminal()
    }
    let theirs = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard theirs >= 0 else { throw NoTerminal() }
    var size = winsize()
    (size.ws_row, size.ws_col) = (24, columns)
    guard ioctl(theirs, UInt(TIOCSWINSZ), &size) == 0 else { throw NoTerminal() }
    return (
      FileHandle(fileDescriptor: ours, closeOnDealloc: true), FileHandle(fileDescriptor: theirs, closeOnDealloc: true)
    )
  }
}
