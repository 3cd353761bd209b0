import CLinux
import Foundation

/// What the process may use of the machine.
enum ProcessLimits {
  /// Descriptors: 1024 connections that the control socket admits, with room for the database, the mails' files and the
  /// uploads.
  private static let descriptors: rlim_t = 4096
  /// Of malloc. glibc gives each new thread one of its own, up to eight for each processor, and each keeps what was freed
  /// in it: some megabytes more the longer a job is. No thread of ours allocates so much that it would wait for another.
  private static let arenas: CInt = 1

  /// At the start, before there is a second thread.
  ///
  /// The soft limit of descriptors (getrlimit(2)) is usually 1024, so that silent connections alone could use up what
  /// the deliveries need: it is raised as far as the hard one permits.
  static func set() {
    clinux_limit_arenas(arenas)
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < descriptors else {
      return
    }
    limit.rlim_cur = min(descriptors, limit.rlim_max)
    _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
