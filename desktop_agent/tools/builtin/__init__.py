"""The tools that come with the program, one file each; a new file here is a new tool."""
