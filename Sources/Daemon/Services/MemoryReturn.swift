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
  static let interval = Duration.seconds(10)
  /// More than was kept after the last time: less is not worth the milliseconds.
  private static let worthwhileInBytes = 16 << 20

  let time: Time

  func run() async throws {
    await cancelWhenGracefulShutdown {
      var floor = Self.keptInBytes
      while !Task.isCancelled {
        try? await time.sleep(Self.interval)
        guard Self.keptInBytes > floor + Self.worthwhileInBytes else { continue }
        await IOThread.run { clinux_trim_memory() }
        floor = Self.keptInBytes
      }
    }
  }

  /// What the process has of the machine's memory and does not use, with the little that is not malloc's. A peak that
  /// lasts is not in it, whatever its size: what it leaves behind is seen when it is over.
  private static var keptInBytes: Int { residentInBytes - Int(clinux_allocated_memory()) }

  /// proc_pid_statm(5).
  static var residentInBytes: Int {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * Int(getpagesize())
  }
}
