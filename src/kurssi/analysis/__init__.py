"""What the rules of a policy can do, found by analysis of the policy itself, without any student.

Such as: nobody can get a 5, this part never matters, handing in later can pay. Every claim has a *witness*: invented
students for whom it happens, graded by the grader itself. Nothing is sampled: all students over a finite *grid* of
scores (whole grades, half grades) are looked at, and where there are infinitely many values the reasoning is on
intervals; the claim says which. Work is limited in steps, and what they do not suffice for is reported as not decided.

Who grades a class asks only whose peer marks weigh much: so nothing is loaded here, and each
name is taken from its module.
"""
