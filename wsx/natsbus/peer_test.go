package natsbus_test

const peerVariable = "TELESTRUCT_NATSBUS_PEER"

func runPeer(url string) {}
