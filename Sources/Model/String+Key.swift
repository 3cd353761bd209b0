import Foundation

extension String {
  /// As invoice numbers and occasions are kept and compared: `trimmed`, in Unicode normal form C.
  package var keyForm: String { trimmed.precomposedStringWithCanonicalMapping }
}
