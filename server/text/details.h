/* Between the files that find what a text tells of its meetings. */
#ifndef READOUT_TEXT_DETAILS_H
#define READOUT_TEXT_DETAILS_H

#include "text_private.h"

/* One more, with nobody as its side and actor; NULL once there are too many. */
struct detail *add_detail(struct text *text, enum detail_kind kind, uint32_t meeting, struct span span);
struct span sentence_at(const struct text *text, uint32_t at);
/* Where somebody talks to the press. */
bool is_press_meeting(const struct text_meeting *meeting);

/* Who leads which delegation (leaders.c). */
void tell_leaders(struct text *text);

#endif
