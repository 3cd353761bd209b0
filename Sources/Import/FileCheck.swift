import Files
import Model

/// Looks at the files that the lines of a manifest name.
package struct FileCheck: Sendable {
  /// All files of an invoice together: in base64 they stay below the 25 MB that mail services commonly take.
  package static let defaultMaximumSizeInBytes = 18_000_000

  /// How a PDF begins (ISO 32000-1, section 7.5.2).
  private static let mark = Array("%PDF-".utf8)

  private let roots: FileRoots
  private let maximumSizeInBytes: Int

  /// - Parameter maximumSizeInBytes: of all files of an invoice together.
  package init(roots: FileRoots, maximumSizeInBytes: Int = FileCheck.defaultMaximumSizeInBytes) {
    self.roots = roots
    self.maximumSizeInBytes = maximumSizeInBytes
  }

  /// Opens every file that is named, also those of bad lines, and reads those that could be sent to their end.
  ///
  /// Blocks, by a disk's speed and up to 18 MB a line: call it on `IOThread`, with no more lines than may wait for each
  /// other. A file that several of these lines attach is read once. Names are found in any Unicode form (`SpelledNames`);
  /// the invoice has the path as it is spelled on the disk.
  package func check(_ lines: [ManifestLine]) -> [CheckedLine] {
    var seen: [String: FileReference] = [:]
    var names = SpelledNames(roots)
    return lines.map { check($0, seen: &seen, names: &names) }
  }

  private func check(
    _ line: ManifestLine, seen: inout [String: FileReference], names: inout SpelledNames
  ) -> CheckedLine {
    var problems = line.problems
    var room = maximumSizeInBytes
    var file: FileReference?
    var attachments: [FileReference] = []
    if let named = line.file {
      do throws(FileProblem) {
        let reference = try read(named, as: .file, room: room, names: &names)
        file = reference
        room -= reference.sizeInBytes
      } catch {
        problems.append(error.problem(line: line.line, named))
      }
    }
    for named in line.attachments {
      do throws(FileProblem) {
        let reference: FileReference
        if let known = seen[named.path], known.sizeInBytes <= room {
          reference = known
        } else {
          reference = try read(named, as: .attachment, room: room, names: &names)
          seen[named.path] = reference
        }
        room -= reference.sizeInBytes
        attachments.append(reference)
      } catch {
        problems.append(error.problem(line: line.line, named))
      }
    }
    guard problems.isEmpty, var invoice = line.invoice, let file else { return .problems(problems) }
    invoice.file = file
    invoice.attachments = attachments
    return .invoice(line: line.line, invoice, sentAt: line.sentAt)
  }

  private enum Role {
    case file, attachment
  }

  private struct FileProblem: Error {
    var code: ImportProblemCode
    var reason: String?
    /// What is to be shown in the place of the path as it was named.
    var path: String?

    func problem(line: Int, _ named: ManifestLine.NamedFile) -> ImportProblem {
      let path = path ?? named.path
      let value = reason.map { "\(path): \($0)" } ?? path
      return ImportProblem(line: line, column: named.column, code: code, value: value)
    }
  }

  private func read(
    _ named: ManifestLine.NamedFile, as role: Role, room: Int, names: inout SpelledNames
  ) throws(FileProblem) -> FileReference {
    let isFile = role == .file
    do {
      let file = try roots.open(try names.path(for: named.path))
      if file.sizeInBytes == 0 { throw FileProblem(code: isFile ? .fileEmpty : .attachmentEmpty) }
      if file.sizeInBytes > room {
        throw FileProblem(code: isFile ? .fileTooLarge : .attachmentTooLarge, reason: "\(file.sizeInBytes) > \(room)")
      }
      if isFile, try file.head(Self.mark.count) != Self.mark { throw FileProblem(code: .fileNotPDF) }
      return FileReference(path: file.path, sha256: try file.sha256(), sizeInBytes: file.sizeInBytes)
    } catch let refusal as FileProblem {
      throw refusal
    } catch let refusal as FileAccessError {
      throw Self.refusal(refusal, isFile: isFile)
    } catch let ambiguity as SpelledNames.Ambiguity {
      let path = "\(ambiguity.folder)/\(ambiguity.name)"
      throw FileProblem(code: isFile ? .fileAmbiguous : .attachmentAmbiguous, path: path)
    } catch {
      throw FileProblem(code: isFile ? .fileUnreadable : .attachmentUnreadable, reason: "\(error)")
    }
  }

  private static func refusal(_ refusal: FileAccessError, isFile: Bool) -> FileProblem {
    switch refusal.code {
    case .fileMissing: FileProblem(code: isFile ? .fileMissing : .attachmentMissing)
    // Its sentence says all of it, in the reader's language.
    case .fileForbidden: FileProblem(code: isFile ? .fileForbidden : .attachmentForbidden)
    default: FileProblem(code: isFile ? .fileUnreadable : .attachmentUnreadable, reason: refusal.text)
    }
  }
}
