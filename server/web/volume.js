// volume
