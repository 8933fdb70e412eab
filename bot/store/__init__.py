"""What must survive a restart: languages chosen, conversations as entry ids, replies waiting to be sent."""
