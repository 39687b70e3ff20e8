"""Learning from faces without labels: an average of the student's own past teaches it.

Mean teacher: Tarvainen & Valpola, arXiv 1703.01780. In the order the data flows: `TeacherView`
(the loader cuts two pictures of a face), `teaching` (what the teacher says, as labels),
`RandomStyle` (drawn faces in the colours of real ones), `MeanTeacherFANet`, `TeacherHook`.
"""
