"""The record: an append-only book of what was reported, its Merkle log, checkpoints, keys and proofs."""
