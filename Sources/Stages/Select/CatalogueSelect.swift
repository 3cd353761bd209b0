import Model
import Store

/// Selects from the catalogue that `invoicectl import` fills.
package struct CatalogueSelect: SelectStage {
  private let store: Store

  package init(store: Store) { self.store = store }

  package func select(_ filter: Filter, after: String?, limit: Int) async throws(StageError) -> [Invoice] {
    do {
      return Array(try await store.invoices(filter, after: after, limit: limit))
    } catch {
      throw StageError(.storeFailed, String(describing: error), .retry(after: nil))
    }
  }
}
