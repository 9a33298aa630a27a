#ifndef TRACKER_SYSTEM_H
#define TRACKER_SYSTEM_H

/// How many words the command line has, with the program's name; 0 where the system does not hand them to libraries (musl).
int tracker_argument_count(void);
/// The words of the command line.
char **tracker_arguments(void);

#endif
