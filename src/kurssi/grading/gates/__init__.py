"""Gates (contract section 5, step 5): what must be passed, and the reasons where it is not."""

from .gate import fails_by_parts, gate_code, reasons, still_needed, with_gate

__all__ = ["fails_by_parts", "gate_code", "reasons", "still_needed", "with_gate"]
