import CLinux
import Files
import Foundation
import Model
import ServiceLifecycle

/// Gives memory back after a peak: many pages of lists at once, a large import.
///
/// glibc keeps what is freed below something that is in use, and after large blocks more than before (mallopt(3),
/// M_TRIM_THRESHOLD): once 0.8 GB were in use, they would stay with the process.
struct MemoryReturn: Service {
  private static let interval = Duration.seconds(10)
  /// Above what was in use after the last time: less is not worth the milliseconds.
  private static let worthwhileInBytes = 16 << 20

  let time: Time

  func run() async throws {
    await cancelWhenGracefulShutdown {
      var floor = Self.residentInBytes
      while !Task.isCancelled {
        try? await time.sleep(Self.interval)
        guard Self.residentInBytes > floor + Self.worthwhileInBytes else { continue }
        await IOThread.run { clinux_trim_memory() }
        floor = Self.residentInBytes
      }
    }
  }

  /// proc_pid_statm(5).
  private static var residentInBytes: Int {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * Int(getpagesize())
  }
}
