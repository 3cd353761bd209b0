/// What a file is that somebody took for a manifest, told by how it begins.
package enum ForeignFile: String, Sendable, Hashable, CaseIterable {
  /// Nothing, or nothing but white space.
  case empty
  /// Office Open XML, which Excel has written since 2007.
  case excelWorkbook
  /// The binary format of Excel before 2007, or of another old program of Office.
  case oldExcelWorkbook
  /// LibreOffice's.
  case openDocument
  case pdf
  /// A web page; many programs name one `.xls`.
  case html
  case xml
  /// An archive, zip or gzip.
  case archive

  /// Bytes of the beginning that `init` wants to see.
  static let headSizeInBytes = 512

  /// Nil for what may be text in rows.
  init?(head: [UInt8]) {
    let rest = head.starts(with: [0xEF, 0xBB, 0xBF]) ? head.dropFirst(3) : head[...]
    let text = rest.drop { $0 == 0x20 || (0x09...0x0D).contains($0) }
    let isShort = head.count < Self.headSizeInBytes
    if text.isEmpty || rest.elementsEqual([0xFF, 0xFE]) || rest.elementsEqual([0xFE, 0xFF]), isShort {
      self = .empty
    } else if head.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) {  // [MS-CFB], section 2.2
      self = .oldExcelWorkbook
    } else if head.starts(with: Array("PK\u{3}\u{4}".utf8)) {
      self = Self.archived(head)
    } else if head.starts(with: [0x1F, 0x8B]) || head.starts(with: Array("PK\u{5}\u{6}".utf8)) {
      self = .archive
    } else if text.starts(with: Array("%PDF-".utf8)) {
      self = .pdf
    } else {
      let start = String(decoding: text.prefix(14), as: UTF8.self).lowercased()
      guard start.hasPrefix("<") else { return nil }
      if start.hasPrefix("<?xml") {
        self = .xml
      } else if ["<html", "<!doctype html", "<table", "<meta", "<head", "<body"].contains(where: start.hasPrefix) {
        self = .html
      } else {
        return nil
      }
    }
  }

  /// By the name of the first file in a ZIP archive (APPNOTE.TXT, section 4.3.7) and the content of OpenDocument's.
  private static func archived(_ head: [UInt8]) -> ForeignFile {
    let names = String(decoding: head.dropFirst(30).prefix(120), as: UTF8.self)
    if ["[Content_Types].xml", "_rels/", "xl/", "docProps/"].contains(where: names.hasPrefix) { return .excelWorkbook }
    return names.hasPrefix("mimetypeapplication/vnd.oasis.opendocument") ? .openDocument : .archive
  }
}
