"""Learning from faces without labels: the teacher is an average of the student's own weights.

Mean teacher: Tarvainen & Valpola, arXiv 1703.01780. In the order the data flows: `TeacherView`
(the loader cuts two pictures of a face), `pseudo_labels` (the teacher's predictions as labels),
`RandomStyle` (drawn faces in the colours of real ones), `MeanTeacherFANet`, `TeacherHook`.
"""
