"""What people of the CRM side decide about carts and orders by themselves, and the list of what they do next.

tables     transitions of carts, contacts about orders, tasks
model      what a rule of `sql/tasks/` says
loading    the rules
refresh    tasks opened and closed by the rules
"""
