"""The chassis, tried with a service that sells nothing."""
