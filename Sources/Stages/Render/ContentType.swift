/// Media types (RFC 2046) of what is attached to invoices, by the extension of the file name.
enum ContentType {
  private static let types = [
    "csv": "text/csv", "doc": "application/msword", "gif": "image/gif", "html": "text/html", "jpeg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "jpg": "image/jpeg", "json": "application/json", "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odt": "application/vnd.oasis.opendocument.text", "pdf": "application/pdf", "png": "image/png",
    "txt": "text/plain", "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml", "zip": "application/zip",
  ]

  /// `application/octet-stream` for a name without a known extension.
  static func of(fileName: String) -> String {
    let parts = fileName.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count > 1, let type = types[parts[parts.count - 1].lowercased()] else {
      return "application/octet-stream"
    }
    return type
  }
}
