"""What every service has and no shop knows."""
