"""What a policy does that its author may not have meant: each a claim with a witness, or an honest “not decided”."""
