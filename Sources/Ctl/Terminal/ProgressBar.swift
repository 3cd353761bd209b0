import Foundation
import Model

/// One line that tells how far a job is:
///
///     [██████████████░░░░░░] 34/50  68 %  3,2/s  00:12 écoulé, reste ~00:05
///
/// A narrow terminal gets less of it.
struct ProgressBar: Sendable, Hashable {
  /// Narrower, nobody sees it grow.
  static let shortest = 10
  /// Wider, it says no more.
  static let longest = 30

  var counts: Counts
  /// Seconds since the job was started.
  var elapsed: Double
  /// Outcomes per second; nil while nobody can tell.
  var speed: Double?
  /// Why nothing goes on at the moment; nil: it does.
  var standstill: Standstill?
  /// For the time that a wait still takes.
  var now = Date()

  /// At most so many columns, without a line end; the fullest of the forms that fit.
  func line(columns: Int, _ wording: Wording) -> String {
    let texts = texts(wording)
    for text in texts {
      let room = columns - text.columns - 3  // brackets and the space behind them
      if room >= Self.shortest { return "[\(blocks(min(room, Self.longest)))] \(text)" }
    }
    return texts[texts.count - 1].shortened(to: columns)
  }

  private func texts(_ wording: Wording) -> [String] {
    let done = "\(counts.processed)/\(counts.total)"
    let percent = counts.total == 0 ? 100 : counts.processed * 100 / counts.total
    let short = wording.language == .fr ? "\(done)  \(percent) %" : "\(done)  \(percent)%"
    let time = Self.clock(elapsed)
    if let standstill { return texts(short, standstill, time, wording) }
    guard let speed, speed > 0 else { return ["\(short)  \(wording.barElapsed(time))", "\(short)  \(time)", short] }
    let pace = wording.speed(speed)
    guard counts.left > 0 else {
      return ["\(short)  \(pace)  \(wording.barElapsed(time))", "\(short)  \(time)", short]
    }
    let rest = "~" + Self.clock(Double(counts.left) / speed)
    return [
      "\(short)  \(pace)  \(wording.barElapsed(time)), \(wording.barRemaining(rest))",
      "\(short)  \(pace)  \(time)  \(rest)", "\(short)  \(time)  \(rest)", short,
    ]
  }

  private func texts(_ short: String, _ standstill: Standstill, _ time: String, _ wording: Wording) -> [String] {
    let why = wording.bar(standstill, now: now)
    let elapsed = wording.barElapsed(time)
    guard case .wait(let until?) = standstill, let speed, speed > 0 else {
      return ["\(short)  \(why)  \(elapsed)", "\(short)  \(why)", short]
    }
    let rest = "~" + Self.clock(max(0, until.timeIntervalSince(now)) + Double(counts.left) / speed)
    return [
      "\(short)  \(why)  \(elapsed), \(wording.barRemaining(rest))", "\(short)  \(why)  \(rest)",
      "\(short)  \(why)", short,
    ]
  }

  private func blocks(_ width: Int) -> String {
    let full = counts.total == 0 ? width : width * counts.processed / counts.total
    return String(repeating: "█", count: full) + String(repeating: "░", count: width - full)
  }

  /// `mm:ss`, and `h:mm:ss` from one hour on.
  static func clock(_ seconds: Double) -> String {
    // A year: nothing here lasts longer, and the conversion to Int stays safe.
    let whole = Int(min(max(0, seconds.isFinite ? seconds : 0), 31_536_000).rounded())
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
    return hours > 0
      ? String(format: "%d:%02d:%02d", hours, minutes, rest) : String(format: "%02d:%02d", minutes, rest)
  }
}
