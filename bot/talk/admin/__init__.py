"""What only those who run the shop can ask for in the chat; to everybody else it is a word nobody knows."""
