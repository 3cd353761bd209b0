/// Reads CSV text piece by piece (RFC 4180), in memory that is bounded by the longest record.
///
/// Accepts a byte order mark, lines that end in CRLF, LF or CR, fields separated by `;`, `,` or tab (found out from the
/// first line), and a quote inside a field that does not begin with one. A first line such as `sep=;`, which Excel obeys
/// and hides, names the separator and is no record. Lines without a byte are skipped. How the text is cut into pieces
/// makes no difference. Bytes that are no UTF-8 become U+FFFD.
package struct CSVReader: Sendable {
  /// Longer records are faults: a quote that is never closed must not take the whole file into memory.
  package static let maximumRecordSizeInBytes = 64 * 1024
  /// How much of a faulty field is shown.
  package static let maximumExcerptSizeInBytes = 80

  private enum Place {
    case fieldStart, unquoted, quoted
    /// Behind a quote in a quoted field: the closing one, or the first of a doubled one.
    case quoteInQuoted
  }

  private static let quote = UInt8(ascii: "\"")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")
  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// Nil until the first line is complete; its bytes wait in `head`.
  private var separator: UInt8?
  private var detector = CSVSeparatorDetector()
  private var head: [UInt8] = []
  /// Bytes of `head` that the detector has seen.
  private var detected = 0
  private var isMarkRead = false
  /// Whether the record that is being read names the separator, and nothing else.
  private var isDirective = false

  private var place = Place.fieldStart
  private var line = 1
  private var endsInCarriageReturn = false
  private var recordLine = 1
  private var quoteLine = 1
  /// All fields of the record that is being read, one behind the other.
  private var bytes: [UInt8] = []
  /// Where each finished field ends in `bytes`.
  private var ends: [Int] = []
  private var recordSizeInBytes = 0
  private var fault: CSVFault?
  private var elements: [Result<CSVRecord, CSVFault>] = []

  package init() {}

  /// Takes the next piece and returns the records that it completes, in order.
  package mutating func feed(_ piece: String) -> [Result<CSVRecord, CSVFault>] {
    var piece = piece
    return piece.withUTF8 { feed($0) }
  }

  /// The same with UTF-8 bytes; may be cut anywhere.
  package mutating func feed(_ piece: UnsafeBufferPointer<UInt8>) -> [Result<CSVRecord, CSVFault>] {
    if separator == nil {
      head.append(contentsOf: piece)
      detect(atEnd: false)
    } else {
      read(piece)
    }
    return takeElements()
  }

  /// Ends the text and returns the record that has no line end. Nothing may be fed any more.
  package mutating func finish() -> [Result<CSVRecord, CSVFault>] {
    if separator == nil { detect(atEnd: true) }
    if place == .quoted { note(.quoteNotClosed, at: quoteLine) }
    endRecord()
    return takeElements()
  }

  private mutating func takeElements() -> [Result<CSVRecord, CSVFault>] {
    defer { elements.removeAll() }
    return elements
  }

  private mutating func detect(atEnd: Bool) {
    if !isMarkRead {
      if !atEnd, head.count < Self.byteOrderMark.count { return }
      if head.starts(with: Self.byteOrderMark) { head.removeFirst(Self.byteOrderMark.count) }
      isMarkRead = true
    }
    var isComplete = atEnd
    while detected < head.count, detected < Self.maximumRecordSizeInBytes {
      detected += 1
      if detector.scan(head[detected - 1]) {
        isComplete = true
        break
      }
    }
    guard isComplete || detected == Self.maximumRecordSizeInBytes else { return }
    let named = CSVSeparatorDetector.named(by: head[..<detected])
    isDirective = named != nil
    separator = named ?? detector.separator
    let text = head
    head = []
    text.withUnsafeBufferPointer { read($0) }
  }

  private mutating func read(_ piece: UnsafeBufferPointer<UInt8>) {
    guard let separator else { return }
    var i = 0
    while i < piece.count {
      let byte = piece[i]
      if byte == Self.lineFeed, endsInCarriageReturn {
        endsInCarriageReturn = false
        if place == .quoted { append(piece[i...i]) }
        i += 1
        continue
      }
      endsInCarriageReturn = byte == Self.carriageReturn
      let isLineEnd = byte == Self.lineFeed || endsInCarriageReturn
      if place == .quoted {
        if isLineEnd {
          line += 1
          append(piece[i...i])
          i += 1
        } else if byte == Self.quote {
          place = .quoteInQuoted
          i += 1
        } else {
          i = appendRun(of: piece, from: i) { $0 != Self.quote }
        }
        continue
      }
      if isLineEnd {
        endRecord()
        line += 1
        recordLine = line
        i += 1
      } else if byte == separator {
        endField()
        i += 1
      } else if byte == Self.quote, place != .unquoted {
        if place == .quoteInQuoted { append(piece[i...i]) } else { quoteLine = line }
        place = .quoted
        i += 1
      } else {
        if place == .quoteInQuoted { note(.textAfterQuote, at: quoteLine) }
        place = .unquoted
        i = appendRun(of: piece, from: i) { $0 != separator }
      }
    }
  }

  /// Appends the bytes from `start` up to a line end or the first that does not hold; returns where that is.
  private mutating func appendRun(
    of piece: UnsafeBufferPointer<UInt8>, from start: Int, while holds: (UInt8) -> Bool
  ) -> Int {
    var end = start + 1
    while end < piece.count, holds(piece[end]), piece[end] != Self.lineFeed, piece[end] != Self.carriageReturn {
      end += 1
    }
    append(piece[start..<end])
    return end
  }

  private mutating func append(_ part: Slice<UnsafeBufferPointer<UInt8>>) {
    let room = max(0, Self.maximumRecordSizeInBytes - recordSizeInBytes)
    bytes.append(contentsOf: part.prefix(room))
    recordSizeInBytes += part.count
    if part.count > room { note(.recordTooLong, at: recordLine) }
  }

  private mutating func endField() {
    recordSizeInBytes += 1
    if recordSizeInBytes > Self.maximumRecordSizeInBytes {
      note(.recordTooLong, at: recordLine)
    } else {
      ends.append(bytes.count)
    }
    place = .fieldStart
  }

  private mutating func endRecord() {
    // Without a byte, or a quote, there is no record: an empty line.
    let isEmpty = place == .fieldStart && bytes.isEmpty && ends.isEmpty && recordSizeInBytes == 0
    if isDirective, !isEmpty {
      isDirective = false
    } else if let fault {
      elements.append(.failure(fault))
    } else if !isEmpty {
      ends.append(bytes.count)
      var start = 0
      var fields: [String] = []
      fields.reserveCapacity(ends.count)
      for end in ends {
        fields.append(String(decoding: bytes[start..<end], as: UTF8.self))
        start = end
      }
      elements.append(.success(CSVRecord(line: recordLine, fields: fields)))
    }
    place = .fieldStart
    fault = nil
    bytes.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    recordSizeInBytes = 0
  }

  /// Only the first fault of a record counts; a quote that is not closed outranks the length that it causes.
  private mutating func note(_ kind: CSVFault.Kind, at line: Int) {
    guard fault == nil || kind == .quoteNotClosed else { return }
    let field = bytes[(ends.last ?? 0)...]
    var end =
      field.index(field.startIndex, offsetBy: Self.maximumExcerptSizeInBytes, limitedBy: field.endIndex)
      ?? field.endIndex
    while end < field.endIndex, end > field.startIndex, field[end] & 0xC0 == 0x80 { end -= 1 }
    let excerpt = String(decoding: field[..<end], as: UTF8.self)
    fault = CSVFault(kind: kind, line: line, field: ends.count, excerpt: excerpt)
  }
}
