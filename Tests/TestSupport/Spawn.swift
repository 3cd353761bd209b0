import Foundation

/// One posix_spawnp(3).
struct Spawn: Sendable {
  /// Held while descriptors are made that children are not to inherit, and while children are made.
  static let lock = NSLock()

  var command: [String]
  var environment: [String: String]
  /// -1: /dev/null.
  var input: CInt
  var output: CInt
  var errors: CInt

  /// The process, or an errno.
  func run() -> (id: pid_t, failure: CInt) {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if input >= 0 {
      posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
    } else {
      posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    }
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // The threads of the tests block signals, and a shell that runs them in the background has SIGINT ignored.
    var mask = sigset_t()
    sigemptyset(&mask)
    posix_spawnattr_setsigmask(&attributes, &mask)
    var defaults = sigset_t()
    sigemptyset(&defaults)
    for signal in [SIGINT, SIGTERM, SIGPIPE, SIGHUP, SIGQUIT] { sigaddset(&defaults, signal) }
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    var arguments = command.map { strdup($0) } + [nil]
    var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for pointer in arguments + variables { free(pointer) } }
    var id: pid_t = 0
    let failure = Self.lock.withLock { posix_spawnp(&id, command[0], &actions, &attributes, &arguments, &variables) }
    return (id, failure)
  }

  /// A file without a name.
  static func makeFile() -> CInt {
    lock.withLock {
      var template = Array("/tmp/output.XXXXXX".utf8CString)
      let file = mkstemp(&template)
      if file >= 0 {
        unlink(template)
        keep(file)
      }
      return file
    }
  }

  /// Both ends of a pipe: to read, to write. -1 where there is none.
  static func makePipe() -> (CInt, CInt) {
    lock.withLock {
      var ends: [CInt] = [-1, -1]
      guard pipe(&ends) == 0 else { return (-1, -1) }
      ends.forEach(keep)
      return (ends[0], ends[1])
    }
  }

  private static func keep(_ file: CInt) { _ = fcntl(file, F_SETFD, FD_CLOEXEC) }
}
