# SPDX-License-Identifier: Apache-2.0
"""The bench: read main.py first, then modes.py."""
