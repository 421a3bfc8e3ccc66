"""What pages share: the shell, the address, the controls, the languages."""
