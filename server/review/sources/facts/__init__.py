"""Facts: what syntax trees and the index say about a change, and no model."""
