"""Questions of youngsters that begeleiders sent to O&S, and their answers."""
