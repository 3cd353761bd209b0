import Foundation
import Synchronization

/// A program that a test started. It ends with this value, or with the tests' process at the latest.
package final class RunningProgram: Sendable {
  package struct NotStarted: Error {
    package let program: String
    package let reason: String
  }

  /// Outlives the program's object until the program has ended, so that it is always waited for.
  private final class Life: Sendable {
    struct State {
      var id: pid_t = 0
      var failure: CInt = 0
      var status: CInt?
    }

    let state = Mutex(State())
    let started = DispatchSemaphore(value: 0)
  }

  package let name: String
  package let id: pid_t
  private let life: Life
  private let outputFile: CInt
  private let errorsFile: CInt

  /// - Parameters:
  ///   - name: of a program of this package, or of one in $PATH.
  ///   - environment: added to $PATH, $HOME and $TMPDIR, which are all that it inherits.
  ///   - input: its standard input, through a pipe; nil: /dev/null.
  package init(
    _ name: String, _ arguments: [String] = [], environment: [String: String] = [:], folder: String? = nil,
    input: Data? = nil
  ) throws {
    self.name = name
    outputFile = Spawn.makeFile()
    errorsFile = Spawn.makeFile()
    let (inputEnd, writingEnd) = input == nil ? (-1, -1) : Spawn.makePipe()
    guard outputFile >= 0, errorsFile >= 0, input == nil || inputEnd >= 0 else {
      throw NotStarted(program: name, reason: "no files for its output")
    }
    let life = Life()
    self.life = life
    // setpriv(1) has the kernel kill the program when the thread that started it is gone.
    let place = folder.map { ["env", "-C", $0] } ?? []
    let command = place + ["setpriv", "--pdeathsig", "KILL", "--", Programs.path(of: name)] + arguments
    let inherited = ProcessInfo.processInfo.environment.filter { ["PATH", "HOME", "TMPDIR"].contains($0.key) }
    let spawn = Spawn(
      command: command, environment: inherited.merging(environment) { $1 }, input: inputEnd, output: outputFile,
      errors: errorsFile)
    let thread = Thread {
      let (id, failure) = spawn.run()
      life.state.withLock { ($0.id, $0.failure) = (id, failure) }
      life.started.signal()
      guard failure == 0 else { return }
      var information = siginfo_t()
      while waitid(P_PID, id_t(id), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
      life.state.withLock { state in
        var status: CInt = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        state.status = status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
      }
    }
    thread.name = "waits for \(name)"
    thread.start()
    life.started.wait()
    let state = life.state.withLock { $0 }
    id = state.id
    if inputEnd >= 0 { Glibc.close(inputEnd) }
    guard state.failure == 0 else {
      if writingEnd >= 0 { Glibc.close(writingEnd) }
      throw NotStarted(program: name, reason: String(cString: strerror(state.failure)))
    }
    if let input {
      let handle = FileHandle(fileDescriptor: writingEnd, closeOnDealloc: true)
      Thread.detachNewThread {
        signal(SIGPIPE, SIG_IGN)
        try? handle.write(contentsOf: input)
        try? handle.close()
      }
    }
  }

  deinit {
    kill(SIGKILL)
    Glibc.close(outputFile)
    Glibc.close(errorsFile)
  }

  /// Sends a signal, unless it has ended.
  package func kill(_ signal: CInt) {
    // Under the lock it is not waited for yet, so that the number is still its own.
    life.state.withLock { state in
      if state.status == nil, state.id > 0 { _ = Glibc.kill(state.id, signal) }
    }
  }

  /// Exit status, or 128 and the signal's number; nil: it runs.
  package var status: CInt? { life.state.withLock { $0.status } }

  /// Waits for its end. Throws `NotInTime` with what it wrote, and kills it then.
  @discardableResult
  package func end(within limit: Duration = patience) async throws -> CInt {
    do {
      try await eventually("the end of \(name); it wrote: \(output) \(errors)", within: limit) { status != nil }
    } catch {
      kill(SIGKILL)
      throw error
    }
    return status ?? -1
  }

  /// The same, blocking the thread.
  @discardableResult
  package func endBlocking(within limit: Duration = patience) throws -> CInt {
    try eventuallyBlocking("the end of \(name)", within: limit) { status != nil }
    return status ?? -1
  }

  /// Standard output so far.
  package var output: String { Self.content(of: outputFile) }
  /// Standard error so far.
  package var errors: String { Self.content(of: errorsFile) }

  /// Waits until it has written something. Throws when it ends without.
  package func wrote(_ text: String, within limit: Duration = patience) async throws {
    try await eventually("“\(text)” of \(name); it wrote: \(output) \(errors)", within: limit) {
      let hasEnded = status != nil
      if output.contains(text) || errors.contains(text) { return true }
      if hasEnded { throw NotInTime("“\(text)” of \(name), which ended: \(output) \(errors)") }
      return false
    }
  }

  /// A line of /proc/PID/status (proc_pid_status(5)) in bytes, such as VmHWM, the most memory that it ever held.
  package func memory(_ field: String = "VmHWM") throws -> Int {
    let status = try String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix(field + ":") }
    let kilobytes = line?.split { $0 == " " || $0 == "\t" }.dropFirst().first.flatMap { Int($0) }
    guard let kilobytes else { throw NotInTime("\(field) of \(name)") }
    return kilobytes * 1024
  }

  private static func content(of file: CInt) -> String {
    var status = stat()
    guard fstat(file, &status) == 0 else { return "" }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    let count = pread(file, &bytes, bytes.count, 0)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }
}
