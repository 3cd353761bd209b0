import CLinux
import Files
import Glibc

/// What the process may use of the machine.
enum ProcessLimits {
  /// Descriptors: 1024 connections that each of the two control sockets admits, with room for the database, the mails'
  /// files and the uploads. With the usual 1024, silent connections alone could use up what the deliveries need.
  private static let descriptors: Int = 4096
  /// Of malloc. glibc gives each new thread one of its own, up to eight for each processor, and each keeps what was freed
  /// in it: some megabytes more the longer a job is. No thread of ours allocates so much that it would wait for another.
  private static let arenas: CInt = 1

  /// At the start, before there is a second thread.
  static func set() {
    clinux_limit_arenas(arenas)
    DescriptorLimit.raise(to: descriptors)
    // A core would hold tokens (core(5)).
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
  }
}
