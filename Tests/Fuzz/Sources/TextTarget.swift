import Foundation

@testable import Model

/// The bytes of a manifest in any encoding, by `ManifestDecoder` and `ManifestText`.
enum TextTarget {
  private static let file = ScratchFile()

  @Sendable static func check(_ bytes: [UInt8]) {
    for encoding in ManifestEncoding.allCases { check(bytes, encoding) }
    checkFile(bytes)
  }

  private static func check(_ bytes: [UInt8], _ encoding: ManifestEncoding) {
    let whole = decode([bytes], encoding)
    let cut = decode(pieces(of: bytes), encoding)
    property("how a text is cut changes nothing", whole == cut, "\(whole) \(cut)")
    // Between any two bytes, where a character is the longest that is waited for.
    let bytewise = decode(bytes.map { [$0] }, encoding)
    property("a text may come byte by byte", whole == bytewise, "\(whole) \(bytewise)")
    switch whole {
    case .success(let text):
      property("a text in its encoding is the same bytes", encode(text, encoding) == bytes, text)
    case .failure(.invalid(let named, let offset, let line, _)):
      property(
        "an error names a place in the text", named == encoding && offset < bytes.count && offset >= 0 && line > 0)
      property(
        "all before the place of an error is text",
        (try? decode([Array(bytes[..<offset])], encoding).get()) != nil)
    case .failure(let error): property("bytes are no system's fault", false, "\(error)")
    }
  }

  private static func decode(_ pieces: [[UInt8]], _ encoding: ManifestEncoding) -> Result<String, ManifestTextError> {
    var decoder = ManifestDecoder(encoding: encoding, offset: 0)
    var text = ""
    do throws(ManifestTextError) {
      for piece in pieces { text += try decoder.decode(piece, isLast: false) }
      return .success(try text + decoder.decode([], isLast: true))
    } catch {
      return .failure(error)
    }
  }

  private static func encode(_ text: String, _ encoding: ManifestEncoding) -> [UInt8]? {
    switch encoding {
    case .utf8: Array(text.utf8)
    case .utf16LittleEndian: text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    case .utf16BigEndian: text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    case .iso88591: text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    // Foundation's table, not ours.
    case .windows1252: text.data(using: .windowsCP1252).map { Array($0) }
    // Foundation on Linux has no table for one, and an incomplete one for the other.
    case .macintosh, .cp850:
      text.unicodeScalars.map { scalar in
        (UInt8.min...UInt8.max).first { $0 < 0x80 ? Unicode.Scalar($0) == scalar : encoding.scalar(of: $0) == scalar }
          ?? 0
      }
    }
  }

  /// As `invoicectl import` reads a file, the encoding found out.
  private static func checkFile(_ bytes: [UInt8]) {
    file.write(bytes)
    do throws(ManifestTextError) {
      var text = try ManifestText(path: file.path)
      var all = ""
      while let piece = try text.next() {
        property(
          "a piece is within its bound", !piece.isEmpty && piece.utf8.count <= ManifestText.maximumPieceSizeInBytes)
        all += piece
      }
      let encoded: [UInt8] = property("what was read has the encoding", encode(all, text.encoding))
      property(
        "all but the mark was read", bytes.count - encoded.count <= 3 && bytes.suffix(encoded.count) == encoded[...])
    } catch {
      switch error {
      case .invalid, .unclear, .foreign: break
      default: property("the file can be read", false, "\(error)")
      }
    }
  }
}
