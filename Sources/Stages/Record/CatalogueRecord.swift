import Model
import Store

/// Writes the receipt to the invoice's row of the catalogue. The last receipt stays; the same one twice changes nothing.
package struct CatalogueRecord: RecordStage {
  private let store: Store

  package init(store: Store) { self.store = store }

  package func record(_ receipt: Receipt, of invoice: Invoice, for key: DeliveryKey) async throws(StageError) {
    do {
      try await store.record(receipt, number: invoice.number)
    } catch {
      throw StageError(.storeFailed, String(describing: error), .retry(after: nil))
    }
  }
}
