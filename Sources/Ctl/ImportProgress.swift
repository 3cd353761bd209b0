/// On a terminal, one line that tells how far a long import is.
struct ImportProgress: Sendable {
  /// A shorter import needs no such line.
  static let silence = Duration.seconds(1)
  static let redrawInterval = Duration.milliseconds(200)

  private let context: Context
  private let sizeInBytes: Int?
  private let start = ContinuousClock.now
  private var read = 0
  private var lastDrawing: ContinuousClock.Instant?

  init(_ context: Context, sizeInBytes: Int?) {
    self.context = context
    self.sizeInBytes = sizeInBytes
  }

  mutating func advance(by bytes: Int) throws {
    read += bytes
    let now = ContinuousClock.now
    guard now - start >= Self.silence, lastDrawing.map({ now - $0 >= Self.redrawInterval }) ?? true else { return }
    // The text in UTF-8 may be longer than the file.
    let percent = sizeInBytes.map { $0 > 0 ? min(99, read * 100 / $0) : 99 }
    try draw(context.wording.importReading(percent: percent))
  }

  /// All was read, and the daemon checks it.
  mutating func check() throws { try draw(context.wording.importChecking) }

  mutating func end() throws {
    if lastDrawing != nil { try Output.write("\r\u{1B}[K") }
  }

  private mutating func draw(_ text: String) throws {
    guard context.terminal.draws, !context.json else { return }
    lastDrawing = .now
    try Output.write("\r" + text.shortened(to: max(1, Terminal.columns - 1)) + "\u{1B}[K")
  }
}
