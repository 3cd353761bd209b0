import Foundation

/// How many files and sockets this process may have open.
package enum DescriptorLimit {
  /// Raises the soft limit (getrlimit(2)), which is usually 1024, as far as the hard one permits.
  package static func raise(to count: Int) {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < rlim_t(count) else {
      return
    }
    limit.rlim_cur = min(rlim_t(count), limit.rlim_max)
    _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
