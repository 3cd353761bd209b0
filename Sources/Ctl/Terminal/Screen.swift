import Foundation
import Model

/// Standard output with lines that stay, and a progress bar under them that is redrawn in place.
///
/// Without a terminal, or with `--json`, there is no bar and lines go straight out.
actor Screen {
  /// Shortest time between two drawings that no line asks for.
  static let redrawInterval = 0.1

  private let terminal: Terminal
  private let wording: Wording
  private let draws: Bool
  private let time: Time

  private var meter = SpeedMeter()
  private var counts: Counts?
  private var standstill: Standstill?
  /// The job's elapsed seconds, and the uptime at which they were told.
  private var elapsed = (0.0, told: 0.0)
  private var isDrawn = false
  private var lastDrawing = -Double.infinity

  init(_ terminal: Terminal, _ wording: Wording, bar: Bool, time: Time = .system) {
    self.terminal = terminal
    self.wording = wording
    self.time = time
    draws = bar && terminal.draws
  }

  /// Writes a line above the bar.
  func print(_ line: String) throws {
    try Output.write(erasure + line.printable + "\n" + drawing())
  }

  /// Writes bytes as they are, and a line end.
  func print(json: Data) throws { try Output.write(json + Data("\n".utf8)) }

  /// Writes a message that is printable to standard error, above the bar.
  func note(_ text: String) throws {
    try erase()
    Output.note(text)
    try Output.write(drawing())
  }

  /// Notes where the job stands, for the next drawing.
  ///
  /// - Parameter standstill: why nothing goes on; nil: it does.
  func show(_ counts: Counts, elapsed: Double, _ standstill: Standstill?) {
    self.counts = counts
    self.elapsed = (elapsed, told: time.uptime().seconds)
    // The time that passes while nothing can go on says nothing about the speed. It is the job's time: older events come
    // all at once.
    if standstill != nil && self.standstill == nil { meter.stop(at: elapsed) }
    if standstill == nil && self.standstill != nil { meter.goOn(at: elapsed) }
    self.standstill = standstill
    meter.note(processed: counts.processed, at: elapsed)
  }

  /// Draws the bar anew, unless that was just done.
  func redraw() throws {
    guard time.uptime().seconds - lastDrawing >= Self.redrawInterval else { return }
    let text = drawing()
    guard !text.isEmpty else { return }
    try Output.write("\r" + text)
  }

  /// Takes the bar away, before the end or a message elsewhere.
  func erase() throws {
    let text = erasure
    isDrawn = false
    if !text.isEmpty { try Output.write(text) }
  }

  /// Carriage return and EL (ECMA-48, 8.3.41).
  private var erasure: String { isDrawn ? "\r\u{1B}[K" : "" }

  /// The bar, green where colours are wanted, and whatever stood behind it erased.
  private func drawing() -> String {
    guard draws, let counts else { return "" }
    let now = time.uptime().seconds
    lastDrawing = now
    isDrawn = true
    let elapsed = elapsed.0 + (now - elapsed.told)
    let bar = ProgressBar(
      counts: counts, elapsed: elapsed, speed: meter.speed(at: elapsed), standstill: standstill, now: time.now())
    // The last column stays free: some terminals wrap there.
    let line = bar.line(columns: max(1, Terminal.columns - 1), wording)
    return (terminal.colours ? "\u{1B}[32m\(line)\u{1B}[0m" : line) + "\u{1B}[K"
  }
}
