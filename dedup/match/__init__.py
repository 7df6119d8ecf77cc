"""Which kept blocks a block may repeat: by hash, by band, by headline; each verified exactly."""
