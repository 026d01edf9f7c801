"""The values and words every part of Sarali shares. No part of it touches the outside."""
