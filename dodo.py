from pdd_tasks import doit_project


DOIT_CONFIG, task_sync = doit_project("examples/*")
